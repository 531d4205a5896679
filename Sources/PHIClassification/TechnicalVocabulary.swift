/// The closed vocabulary of safe text. `SafeGrammar` says how its words may stand together; none is safe by itself
/// beside a word that is not here.
enum TechnicalVocabulary {
    private static func set(_ words: String) -> Set<String> {
        Set(words.split { $0 == " " || $0 == "\n" }.map(String.init))
    }

    private static func phrases(_ list: String) -> Set<String> {
        Set(list.split(separator: ",").map { $0.split { $0 == " " || $0 == "\n" }.joined(separator: " ") })
    }

    /// Units, upper case, as letters only; `units(allowing:)` of the grammar handles `/`, `*` and `²`.
    static let units = set(
        """
        KV KVP MV MA MAS MASEC UAS MAM MS MSEC S SEC SECS MIN MINS CM MM UM HU HZ KHZ MHZ GHZ DB DEG DEGREES ML CC \
        MGY DGY CGY GY UGY MGYCM MSV USV SV MBQ KBQ GBQ BQ BQML KBQML MCI UCI FPS BPM MMHG MW MT T PX PIXEL PIXELS BIT \
        BITS CMS MPS MSS CM2 MM2 CM3 MM3 LP LPMM X RPM PPM FRAMES FRM HZPX KEV CTS KCTS MCTS COUNTS KCOUNTS BEATS SUV GML
        """)

    /// Units that are read only after a slash or an asterisk: `cm/s`, `mGy*cm`, `mT/m`.
    static let secondUnits = set("S SEC CM M MM MIN ML CC PX PIXEL CM2 BEAT ROT ROTATION FRAME HZ DB G MSEC CINE DR KG")

    /// Names of parameters before a number, upper case.
    static let parameters = set(
        """
        KV KVP MA MAS MASEC EFFMAS TE TR TI ETL TSE NEX NSA NAQ FA FLIP BW RBW FOV DFOV SFOV THK ST SL SLT SP TILT GT PITCH \
        ROT INC MATRIX MAT MX ZOOM MAG WW WL WC WIN LEV LVL WINDOW LEVEL WIDTH CENTER CENTRE GAIN GN DR DYN DEPTH MI TIS TIB TIC \
        FR FPS FREQ FRQ PRF WF SV SVD PWR PRC PRS PST PERS PER COMP EI REX LGM SID SOD SDD SFD DAP DLP CTDI CTDIVOL GRID FILTER FOCUS \
        SNR SAR ACQ ECHO B BVALUE SUV VOI ROI HR BPM SPACING GAP THICKNESS SCALE EXPOSURE CURRENT VOLTAGE ANGLE TGC FRAMERATE \
        DIST AREA MEAN SD STD STDDEV DEV MAX AVG VOL VEL PG RI PI PSV EDV VMAX VMIN MAXPG MEANPG CALC TEMP FIELD AO SM KERNEL \
        FREQUENCY HZ SENS CONTRAST SHARPNESS EDGE SMOOTH QUALITY SCN CF PW CW HPRF DVA TP COLL COLLIMATION
        """)

    /// Parameters of several words.
    static let parameterPhrases = phrases(
        """
        FLIP ANGLE,SLICE THICKNESS,SLICE LOCATION,WINDOW WIDTH,WINDOW CENTER,WINDOW CENTRE,WINDOW LEVEL,FIELD OF VIEW,
        TUBE CURRENT,TUBE VOLTAGE,EXPOSURE TIME,EXPOSURE INDEX,DEVIATION INDEX,TARGET EXPOSURE INDEX,FRAME RATE,PIXEL SIZE,
        PIXEL SPACING,SPACING BETWEEN SLICES,ECHO TIME,REPETITION TIME,INVERSION TIME,B VALUE,DYN R,DYN RANGE,DYNAMIC RANGE,
        COL GAIN,COLOR GAIN,MECHANICAL INDEX,THERMAL INDEX,TABLE SPEED,ROTATION TIME,TOTAL DLP,STD DEV,EFF MAS,GANTRY TILT,
        HEART RATE,MATRIX SIZE,SCAN TIME,FOCAL SPOT,PEAK SKIN DOSE
        """)

    /// Counters before a number of up to four figures.
    static let counters = set(
        "FRAME FRAMES IMAGE IMAGES IM IMG SLICE SLICES SE SER SERIES PAGE CINE LOOP PHASE SCAN ACQ STACK TEMP ECHO FR PROJ"
    )

    /// Angles of a gantry, a number of degrees follows or nothing.
    static let angles = set("LAO RAO CRA CAU CRAN CAUD CRANIAL CAUDAL")

    /// Sides, orientations and positions of the patient, views.
    static let sides = set("LEFT RIGHT LT RT LINKS RECHTS GAUCHE DROITE DROIT IZQUIERDA DERECHA SINISTRA DESTRA")
    static let views = set(
        """
        AP PA LAT LATERAL OBLIQUE OBL CC MLO ML LM XCC XCCL XCCM RCC LCC RMLO LMLO RML LML LAO RAO LPO RPO AXILLARY \
        DECUB DECUBITUS SUPINE PRONE ERECT UPRIGHT STANDING SITTING SEATED SEMIERECT PORTABLE MOBILE FLEXION EXTENSION \
        INTERNAL EXTERNAL SUNRISE SKYLINE TOWNE WATERS STAT CROSSTABLE SEMIUPRIGHT
        """)
    static let viewPhrases = phrases(
        "SEMI ERECT,SEMI UPRIGHT,CROSS TABLE,CROSS TABLE LATERAL,INT ROT,EXT ROT,WEIGHT BEARING,NON WEIGHT BEARING")
    static let orientationWords = set("ANTERIOR POSTERIOR SUPERIOR INFERIOR MEDIAL ANT POST SUP INF")

    /// Phases and states of an acquisition.
    static let phases = set(
        """
        ARTERIAL VENOUS PORTAL PORTALVENOUS DELAYED NATIVE NONCONTRAST PRECONTRAST POSTCONTRAST EQUILIBRIUM \
        NEPHROGENIC EXCRETORY REST STRESS SYSTOLE DIASTOLE SYSTOLIC DIASTOLIC INSPIRATION EXPIRATION UNENHANCED ENHANCED
        """)
    static let phasePhrases = phrases(
        """
        EARLY ARTERIAL,LATE ARTERIAL,PORTAL VENOUS,NON CONTRAST,PRE CONTRAST,POST CONTRAST,WITHOUT CONTRAST,WITH CONTRAST,
        END SYSTOLE,END DIASTOLE,ARTERIAL PHASE,VENOUS PHASE,PORTAL PHASE,PORTAL VENOUS PHASE,DELAYED PHASE,
        BREATH HOLD,FREE BREATHING
        """)

    /// Planes, reconstructions, kernels, modes: words that may stand alone or together.
    static let technique = set(
        """
        AXIAL SAGITTAL CORONAL AX SAG COR TRANSVERSE TRANS MPR MIP MINIP VRT SSD CPR SCOUT TOPOGRAM LOCALIZER SURVIEW \
        HELICAL SPIRAL ADC DWI FLAIR T1W T2W T1 T2 PD STIR TSE FSE GRE EPI MRA MRCP CTA DSA PERFUSION DIFFUSION CT XA NM \
        2D 3D 4D THI CPA CFM SMPTE GAIN DEPTH ZOOM MI TIS TIB TIC HD COLOR DOPPLER BMODE MMODE BONE SOFT LUNG STANDARD SHARP SMOOTH \
        LOSSY LOSSLESS UNCOMPRESSED RLE RGB FROZEN FREEZE LIVE SECTOR ADULT ECHO SURFACE MAP WINDOW LEVEL PRE
        """)
    static let techniquePhrases = phrases(
        """
        TEST PATTERN,SMPTE TEST PATTERN,SOFT TISSUE,GAIN MAP,COLOR DOPPLER,POWER DOPPLER,MIP THIN,PALETTE COLOR,JPEG BASELINE,
        JPEG LOSSLESS,JPEG LS,JPEG 2000,LOSSLESS ONLY,NEAR LOSSLESS,NOT FOR DIAGNOSTIC USE,NOT FOR DIAGNOSIS,MAP 1,MAP 2,MAP 3,
        P LOW,P MED,P HIGH,ADULT ECHO,CM S,B MODE,M MODE
        """)

    /// Parts of the body.
    static let anatomy = set(
        """
        CHEST ABDOMEN PELVIS BRAIN HEAD NECK SPINE CSPINE TSPINE LSPINE THORAX CERVICAL LUMBAR THORACIC LIVER KIDNEY RENAL \
        PANCREAS SPLEEN THYROID BREAST LYMPH NODE KNEE HIP SHOULDER WRIST ANKLE ELBOW FOOT HAND AORTA SKULL SINUS CARDIAC BLADDER \
        UTERUS OVARY PROSTATE GALLBLADDER CAROTID
        """)

    private static let all: Set<[UInt32]> = {
        var words: Set<String> = units.union(secondUnits).union(parameters).union(counters).union(angles)
        words.formUnion(sides.union(views).union(orientationWords).union(phases).union(technique).union(anatomy))
        for phrase in parameterPhrases.union(viewPhrases).union(phasePhrases).union(techniquePhrases) {
            words.formUnion(set(phrase))
        }
        return Set(words.map(TextFolding.scalars))
    }()

    /// Words of institutions, addresses and comments that tell nobody apart.
    private static let generic: Set<[UInt32]> = Set(
        set(
            """
            HOSPITAL CLINIC CLINICAL CENTER CENTRE MEDICAL IMAGING RADIOLOGY DEPARTMENT DEPT UNIVERSITY INSTITUTE HEALTH \
            HEALTHCARE SYSTEM SYSTEMS GENERAL NATIONAL REGIONAL STREET ROAD AVENUE LANE DRIVE HOUSE FLOOR WARD ROOM UNIT NORTH SOUTH \
            EAST WEST CITY STATE COUNTY TRUST FOUNDATION GROUP SERVICE SERVICES DIAGNOSTIC DIAGNOSTICS SCANNER STATION \
            KLINIK KLINIKUM KRANKENHAUS UNIVERSITAET UNIVERSITATS RADIOLOGIE HOPITAL CENTRO OSPEDALE ZIEKENHUIS INSTITUT \
            PATIENT STUDY EXAM PAIN WITH WITHOUT FROM THIS THAT HAVE HISTORY NONE UNKNOWN NORMAL LEFT RIGHT TEST IMAGE \
            SIEMENS PHILIPS TOSHIBA CANON GE FUJI AGFA HITACHI SAMSUNG ANONYMIZED ANONYMOUS
            """
        ).map(TextFolding.scalars))

    /// Whether a folded word belongs to the vocabulary.
    static func isWord(_ letters: [UInt32]) -> Bool { all.contains(letters) }

    /// Whether a folded word tells nobody apart in an address, an institution or a comment.
    static func isCommon(_ letters: [UInt32]) -> Bool { all.contains(letters) || generic.contains(letters) }

    static func isOnlyCommon(_ words: [LineText.Word]) -> Bool {
        words.allSatisfy { $0.isDigitsOnly || isCommon($0.letters) }
    }
}
