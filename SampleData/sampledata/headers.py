"""Headers as vendors write them: the IOD's modules, full of identifiers at every level."""

from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import UID

from . import people

CT = "1.2.840.10008.5.1.4.1.1.2"
MR = "1.2.840.10008.5.1.4.1.1.4"
CR = "1.2.840.10008.5.1.4.1.1.1"
XA = "1.2.840.10008.5.1.4.1.1.12.1"
US = "1.2.840.10008.5.1.4.1.1.6.1"
US_MULTIFRAME = "1.2.840.10008.5.1.4.1.1.3.1"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
DOSE_SR = "1.2.840.10008.5.1.4.1.1.88.67"
ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"


@dataclass(frozen=True)
class Vendor:
    manufacturer: str
    model: str
    software: str
    serial: str


GE_CT = Vendor("GE MEDICAL SYSTEMS", "Revolution EVO", "sles_hde.131", "NVCT0007351")
SIEMENS_CT = Vendor("SIEMENS", "SOMATOM Definition AS+", "syngo CT 2013B", "64731")
PHILIPS_CT = Vendor("Philips", "iCT 256", "4.1.7.10028", "300288")
TOSHIBA_CT = Vendor("TOSHIBA", "Aquilion ONE", "V6.00ER007", "1AA1422056")
SIEMENS_MR = Vendor("SIEMENS", "Aera", "syngo MR E11", "41533")
PHILIPS_MR = Vendor("Philips Medical Systems", "Ingenia", "5.4.1", "42119")
PHILIPS_US = Vendor("Philips Medical Systems", "EPIQ 7C", "EPIQ 7C_5.0.1.2", "US31820447")
ATL_US = Vendor("ATL", "HDI 5000", "ATL HDI5000 10.4", "02FQ7M")
GE_US = Vendor("GE Vingmed Ultrasound", "Vivid E95", "EchoPAC PC:204.54", "4471VE")
TOSHIBA_US = Vendor("TOSHIBA_MEC_US", "TUS-A500", "AB_V6.01*R003", "99D1692604")
FUJI_CR = Vendor("FUJIFILM Corporation", "5000Plus", "A12-04", "7734021")
SIEMENS_XA = Vendor("Siemens", "AXIOM-Artis", "VC21C 150901", "55471")
DIGITISER = Vendor("Vidar Systems Corporation", "Diagnostic Pro", "2.12", "VD-99123")
KIOSK = Vendor("Agfa-Gevaert", "PACS Broker", "3.1.2", "PB-17")


def set_all(ds: Dataset, **values) -> Dataset:
    for keyword, value in values.items():
        setattr(ds, keyword, value)
    return ds


def item(**values) -> Dataset:
    return set_all(Dataset(), **values)


def code(value, scheme, meaning) -> Sequence:
    return Sequence([item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)])


def new(sop_class, study: people.Study, series: int, instance: int, modality, vendor: Vendor, description,
        image_type=None) -> Dataset:
    """Patient, General Study, General Series, General Equipment and SOP Common, with what stands below them."""
    ds = Dataset()
    ds.is_little_endian, ds.is_implicit_VR = True, False
    if study.patient.character_set:
        ds.SpecificCharacterSet = study.patient.character_set
    if image_type:
        ds.ImageType = image_type
    set_all(ds, InstanceCreationDate=study.date, InstanceCreationTime=study.time,
            InstanceCreatorUID=people.UID_ROOT + ".901", SOPClassUID=UID(sop_class),
            SOPInstanceUID=study.instance_uid(series, instance))
    patient_module(ds, study)
    study_module(ds, study)
    series_module(ds, study, series, modality, description)
    site = study.site
    set_all(ds, Manufacturer=vendor.manufacturer, InstitutionName=site.name, InstitutionAddress=site.address,
            StationName=study.station, InstitutionalDepartmentName=site.department,
            ManufacturerModelName=vendor.model, DeviceSerialNumber=vendor.serial, SoftwareVersions=vendor.software,
            InstanceNumber=instance)
    ds.OriginalAttributesSequence = Sequence([original_attributes(study)])
    return ds


def patient_module(ds, study):
    patient = study.patient
    set_all(ds, PatientName=patient.name, PatientID=patient.id, IssuerOfPatientID="NORTHVALE-PAS",
            PatientBirthDate=patient.birth, PatientSex=patient.sex,
            OtherPatientNames=patient.old_name, PatientComments=study.comment)
    ds.OtherPatientIDsSequence = Sequence([
        item(PatientID=patient.nhs, IssuerOfPatientID="NHS", TypeOfPatientID="TEXT"),
        item(PatientID="OLD" + patient.id[-5:].replace("-", "").replace("/", "") + "X", IssuerOfPatientID="EASTMERE",
             TypeOfPatientID="TEXT")])
    # Not of every IOD, but often there: an address and a telephone number.
    set_all(ds, PatientAddress=f"{patient.street}, {patient.postcode}", PatientTelephoneNumbers=patient.phone)


def study_module(ds, study):
    set_all(ds, StudyInstanceUID=study.uid, StudyDate=study.date, StudyTime=study.time,
            ReferringPhysicianName=study.referring, StudyID=study.id, AccessionNumber=study.accession,
            StudyDescription=study.description, PhysiciansOfRecord=study.performing,
            NameOfPhysiciansReadingStudy=study.performing, PatientAge=f"{study.age:03d}Y", PatientWeight="71.5",
            PatientSize="1.74", Occupation="Organ tuner rtd",
            AdditionalPatientHistory=f"Known to {study.referring.split('^')[0].title()}, seen 3 wks ago",
            AdmissionID="ADM" + study.id)
    ds.ReferencedStudySequence = Sequence([item(
        ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.1", ReferencedSOPInstanceUID=study.uid + ".0.77")])


def series_module(ds, study, series, modality, description):
    set_all(ds, Modality=modality, SeriesInstanceUID=study.series_uid(series), SeriesNumber=series,
            SeriesDescription=description, SeriesDate=study.date, SeriesTime=study.time,
            PerformingPhysicianName=study.performing, OperatorsName=study.operator,
            PerformedProcedureStepID="PPS" + study.id, PerformedProcedureStepStartDate=study.date,
            PerformedProcedureStepStartTime=study.time, PerformedProcedureStepDescription=study.description,
            CommentsOnThePerformedProcedureStep="Done by " + study.operator.replace("^", " ").title())
    ds.ReferencedPerformedProcedureStepSequence = Sequence([item(
        ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.3", ReferencedSOPInstanceUID=study.uid + ".0.78")])
    ds.RequestAttributesSequence = Sequence([item(
        RequestedProcedureID="RP" + study.id, ScheduledProcedureStepID="SPS" + study.id,
        RequestedProcedureDescription=f"{study.description} for Dr {study.referring.split('^')[0].title()}",
        ScheduledProcedureStepDescription=study.description, AccessionNumber=study.accession,
        StudyInstanceUID=study.uid, ReferencedStudySequence=Sequence([item(
            ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.1", ReferencedSOPInstanceUID=study.uid + ".0.77")]))])


def original_attributes(study) -> Dataset:
    """What the PACS kept when it corrected the patient: the old name, in a nested item."""
    old = item(PatientName=study.patient.old_name, PatientID="TMP" + \
               study.id, PatientBirthDate="1900" + study.patient.birth[4:])
    if study.patient.character_set != "ISO_IR 192" and not isinstance(study.patient.character_set, list):
        old.SpecificCharacterSet = study.patient.character_set
    return item(ModifiedAttributesSequence=Sequence([old]), AttributeModificationDateTime=study.date + "181500",
                ModifyingSystem="NORTHVALE PACS", SourceOfPreviousValues="EASTMERE PACS",
                ReasonForTheAttributeModification="CORRECT")


def image(ds: Dataset, study, pixels, bits: int = None, signed: bool = False, photometric: str = "MONOCHROME2"):
    """General Image and Image Pixel with native Pixel Data; `pixels` is (rows, columns[, 3]) or frames of these."""
    colour = photometric in ("RGB", "YBR_FULL_422", "YBR_FULL", "YBR_RCT")
    frames = pixels.ndim - (3 if colour else 2)
    rows, columns = pixels.shape[frames:frames + 2]
    allocated = pixels.dtype.itemsize * 8
    set_all(ds, ContentDate=study.date, ContentTime=study.time, AcquisitionDate=study.date,
            AcquisitionTime=study.time, SamplesPerPixel=3 if colour else 1, PhotometricInterpretation=photometric,
            Rows=rows, Columns=columns, BitsAllocated=allocated, BitsStored=bits or allocated,
            HighBit=(bits or allocated) - 1, PixelRepresentation=1 if signed else 0,
            BodyPartExamined="CHEST", PatientOrientation="",
            ImageComments="Reviewed with " + study.performing.split("^")[0].title() + " " + people.slashes(study.date))
    if colour:
        ds.PlanarConfiguration = 0
    if frames:
        ds.NumberOfFrames = pixels.shape[0]
    data = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OW" if allocated > 8 else "OB"
    return ds


def plane(ds, study, position, spacing, thickness, size):
    """Image Plane and Frame of Reference of an axial slice."""
    half = -spacing * size / 2
    set_all(ds, FrameOfReferenceUID=study.uid + ".0.5", PositionReferenceIndicator="",
            ImagePositionPatient=[f"{half:.3f}", f"{half:.3f}", f"{position:.3f}"],
            ImageOrientationPatient=["1", "0", "0", "0", "1", "0"], PixelSpacing=[f"{spacing:.6f}"] * 2,
            SliceThickness=f"{thickness:g}", SliceLocation=f"{position:.3f}", PatientOrientation=["L", "P"])


def window(ds, centre, width):
    set_all(ds, WindowCenter=str(centre), WindowWidth=str(width))


def ct(ds, kvp="120", intercept="-1024", acquisition=1, current="260"):
    set_all(ds, KVP=kvp, AcquisitionNumber=acquisition, RescaleIntercept=intercept, RescaleSlope="1",
            RescaleType="HU", XRayTubeCurrent=current, ExposureTime="500", Exposure="130", GantryDetectorTilt="0",
            TableHeight="151.5", RotationDirection="CW", ConvolutionKernel="STANDARD", PatientPosition="FFS",
            ProtocolName="Thorax Dr " + "OSTERWICK", ScanOptions="HELICAL MODE", FilterType="BODY FILTER",
            DataCollectionDiameter="500", ReconstructionDiameter="360", FocalSpots="1.2")


def mr(ds):
    set_all(
    ds,
    BodyPartExamined="HEAD",
    ScanningSequence="SE",
    SequenceVariant="SK",
    ScanOptions="",
    MRAcquisitionType="2D",
    RepetitionTime="4800",
    EchoTime="98",
    EchoTrainLength="14",
    MagneticFieldStrength="1.5",
    FlipAngle="150",
    ImagedNucleus="1H",
    ImagingFrequency="63.67",
    NumberOfAverages="1",
    EchoNumbers="1",
    PatientPosition="HFS",
    ProtocolName="t2_tse_tra",
    SequenceName="*tse2d1_14",
     SAR="0.21")


def secondary_capture(ds, study, conversion="WSD", device=None):
    set_all(ds, ConversionType=conversion, DateOfSecondaryCapture=study.date, TimeOfSecondaryCapture=study.time)
    if device:
        set_all(ds, SecondaryCaptureDeviceID=device.serial, SecondaryCaptureDeviceManufacturer=device.manufacturer,
                SecondaryCaptureDeviceManufacturerModelName=device.model,
                SecondaryCaptureDeviceSoftwareVersions=device.software)


def ultrasound(ds, box, doppler=False):
    """US Image and one calibrated region: min x, min y, max x, max y."""
    set_all(ds, TransducerData=["C5-1", "", ""], HeartRate="72", LossyImageCompression="00")
    x0, y0, x1, y1 = box
    ds.SequenceOfUltrasoundRegions = Sequence([item(
        RegionSpatialFormat=1, RegionDataType=2 if doppler else 1, RegionFlags=0, RegionLocationMinX0=x0,
        RegionLocationMinY0=y0, RegionLocationMaxX1=x1, RegionLocationMaxY1=y1, ReferencePixelX0=(x1 - x0) // 2,
        ReferencePixelY0=0, PhysicalUnitsXDirection=3, PhysicalUnitsYDirection=3, ReferencePixelPhysicalValueX=0.0,
        ReferencePixelPhysicalValueY=0.0, PhysicalDeltaX=0.0375, PhysicalDeltaY=0.0375, TransducerFrequency=3200)])
