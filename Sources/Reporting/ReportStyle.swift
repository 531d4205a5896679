/// The page's style sheet: light and dark, on screens of any width and on paper.
enum ReportStyle {
    static let sheet = colours + layout + tables + charts + paper

    private static let colours = """
        :root{color-scheme:light dark;--bg:#f7f7f4;--panel:#fff;--ink:#191d22;--muted:#59626e;--line:#e1e3e0;--soft:#f0f1ed;
        --released:#2c7a56;--masked:#2c66b0;--rejected:#868d98;--held:#bd7609;--held-ink:#8a5600;--mixed:#7a58a3;--not-dicom:#bfc5cd;
        --unfinished:#b4372d;--accent:#2c66b0;--bad-bg:#fbeae8;--held-bg:#fbf3e2;--good-bg:#e9f3ed}
        @media (prefers-color-scheme:dark){:root{--bg:#0f1216;--panel:#171b20;--ink:#e8eaed;--muted:#9ba5b1;--line:#2a3037;
        --soft:#1f242a;--released:#58b087;--masked:#68a3ea;--rejected:#8a93a0;--held:#e0a23e;--held-ink:#e0a23e;--mixed:#b192da;
        --not-dicom:#525b67;--unfinished:#ee7c70;--accent:#7fb2f0;--bad-bg:#351c1a;--held-bg:#2e2414;--good-bg:#15281f}}

        """

    private static let layout = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 ui-sans-serif,system-ui,-apple-system,"Segoe UI",
        Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;font-variant-numeric:tabular-nums}
        .wrap{max-width:1220px;margin:0 auto;padding:0 28px}
        .skip{position:absolute;left:-999px}.skip:focus{left:12px;top:12px;background:var(--panel);padding:8px 12px}
        a{color:var(--accent)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
        .mast{border-bottom:1px solid var(--line);background:var(--panel)}
        .mast .wrap{display:flex;flex-wrap:wrap;align-items:center;gap:4px 24px;min-height:56px}
        .brand{font-weight:650;letter-spacing:-.01em;display:flex;align-items:center;gap:9px;margin-right:auto}
        .brand svg{width:20px;height:20px}.brand span{color:var(--muted);font-weight:400}
        nav ul{display:flex;flex-wrap:wrap;gap:2px 20px;list-style:none;margin:0;padding:0;font-size:14px}
        nav a{color:var(--muted);text-decoration:none}nav a:hover{color:var(--ink);text-decoration:underline}
        .hero{padding:44px 0 12px}.eyebrow{margin:0 0 10px;color:var(--muted);font-size:14px}
        h1{font-size:clamp(24px,3.4vw,36px);line-height:1.22;letter-spacing:-.018em;font-weight:620;margin:0 0 16px;
        max-width:31em;text-wrap:balance}
        .account{display:flex;flex-wrap:wrap;gap:8px;margin:0 0 26px;padding:0;list-style:none;font-size:15px}
        .account li{padding:5px 13px;border-radius:99px;background:var(--good-bg);color:var(--released);font-weight:550}
        .account .bad{background:var(--bad-bg);color:var(--unfinished)}
        .account .note{background:var(--held-bg);color:var(--held-ink)}
        section{margin:0 0 44px;scroll-margin-top:12px}
        h2{font-size:21px;letter-spacing:-.012em;line-height:1.3;font-weight:620;margin:0 0 4px}
        h3{font-size:15px;font-weight:620;margin:0 0 10px}
        .lead{margin:0 0 18px;color:var(--muted);max-width:46em}
        .panel{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:20px 22px}
        .grid{display:grid;gap:18px;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr))}
        .grid>*,.stack>*{min-width:0}.grid{align-items:start}.stack{display:grid;gap:18px}
        code,.mono{font-family:ui-monospace,SFMono-Regular,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
        font-size:.86em}
        .hash{overflow-wrap:anywhere}.muted{color:var(--muted)}.small{font-size:14px}
        details{margin-top:14px}summary{cursor:pointer;color:var(--accent);font-size:14.5px}
        pre{overflow:auto;max-height:420px;background:var(--soft);border-radius:8px;padding:14px 16px;margin:10px 0 0;
        font-size:13px;line-height:1.5}
        footer{border-top:1px solid var(--line);color:var(--muted);font-size:14px;padding:20px 0 48px}
        .sum{display:flex;flex-wrap:wrap;align-items:stretch;gap:10px;margin:16px 0 0;padding:0;list-style:none}
        .sum li{position:relative;min-width:104px;padding:2px 0 2px 14px;border-left:4px solid var(--c,var(--ink))}
        .sum .op{min-width:0;border:0;padding:0 2px;color:var(--muted);font-size:24px;line-height:34px}
        .sum b{display:block;font-size:25px;line-height:1.25;font-weight:620;letter-spacing:-.02em}
        .sum span{color:var(--muted);font-size:14px}
        .dot{display:inline-block;width:9px;height:9px;border-radius:50%;background:var(--c);margin-right:7px}
        .released{--c:var(--released)}.released-masked{--c:var(--masked)}.rejected{--c:var(--rejected)}
        .quarantined{--c:var(--held)}.mixed{--c:var(--mixed)}.not-dicom{--c:var(--not-dicom)}
        .unfinished{--c:var(--unfinished)}.kept{--c:var(--rejected)}
        .alert{border-left:4px solid var(--unfinished);background:var(--bad-bg)}
        .caution{border-left:4px solid var(--held)}

        """

    private static let tables = """
        .scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
        table{border-collapse:collapse;width:100%;font-size:14.5px}
        caption{text-align:left;color:var(--muted);font-size:14px;padding:0 0 8px}
        th{font-weight:550;text-align:left;color:var(--muted);font-size:13.5px}
        td,th{padding:8px 14px 8px 0;border-bottom:1px solid var(--line);vertical-align:top}
        tbody tr:last-child>*{border-bottom:0}
        td:last-child,th:last-child{padding-right:0}
        tbody th{color:var(--ink);font-size:inherit;font-weight:450}
        .n{text-align:right;white-space:nowrap}.nw{white-space:nowrap}
        .facts th{width:15em;color:var(--muted);font-weight:450}
        .list thead th{position:sticky;top:0;background:var(--panel);box-shadow:0 1px 0 var(--line);border-bottom:0;z-index:1}
        .list{max-height:70vh;overflow:auto}.list tbody tr:hover{background:var(--soft)}
        .list td,.list th{padding:7px 14px 7px 0}.device{min-width:12em}
        th button{all:unset;cursor:pointer;padding:3px 0;color:inherit;white-space:nowrap}
        th button:focus-visible{outline:2px solid var(--accent)}
        th button::after{content:"";display:inline-block;width:.9em;text-align:center;opacity:.7}
        .list th.n{padding-right:3px}.list td.n{padding-right:17px}
        th[aria-sort=ascending] button::after{content:"\\2191"}th[aria-sort=descending] button::after{content:"\\2193"}
        .tools{display:flex;flex-wrap:wrap;gap:8px 10px;align-items:center;margin:0 0 14px;font-size:14px}
        .tools[hidden]{display:none}
        .tools input,.tools select{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);
        border-radius:7px;padding:6px 10px;min-height:36px}
        .tools input{flex:1 1 220px;max-width:340px}
        .chip{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:99px;padding:5px 12px;
        min-height:34px;cursor:pointer}
        .chip[aria-pressed=false]{opacity:.5;text-decoration:line-through}
        .chip .n{color:var(--muted);margin-left:4px}
        .shown{color:var(--muted);margin-left:auto}

        """

    private static let charts = """
        figure{margin:0}figcaption{font-size:14px;color:var(--muted);margin-top:10px}
        .bar{display:block;width:100%;height:14px}.bar.big{height:22px;border-radius:5px}
        .bar rect{fill:var(--c);stroke:var(--panel);stroke-width:1.5;vector-effect:non-scaling-stroke}
        .hero .bar rect{stroke:var(--bg)}
        .chart th{width:38%;padding:6px 14px 6px 0;border:0;color:var(--ink);font-weight:450;overflow-wrap:anywhere;
        font-size:14.5px;line-height:1.3}
        .chart td{padding:6px 0;border:0;vertical-align:middle}.chart th{vertical-align:middle}
        .chart .n{padding-left:12px;width:1%;color:var(--muted)}.chart .bar{min-width:80px}
        .key{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;margin:12px 0 0;padding:0;font-size:14px;
        color:var(--muted)}
        .maps{display:grid;gap:16px;grid-template-columns:repeat(auto-fill,minmax(200px,1fr))}
        .map{display:block;width:100%;aspect-ratio:4/3;background:var(--soft);border:1px solid var(--line);border-radius:6px}
        .map rect{fill:var(--masked)}
        .pair{break-inside:avoid}.pair .two{display:grid;grid-template-columns:1fr 1fr;gap:10px}
        .pair img{display:block;width:100%;height:auto;max-height:420px;object-fit:contain;background:#000;border-radius:6px}
        #sheets{margin-top:28px}.sheets{display:flex;flex-wrap:wrap;gap:14px;align-items:flex-start}
        .sheet{padding:14px 16px;max-width:100%;break-inside:auto}.sheet .tiles{display:flex;flex-wrap:wrap;gap:6px}
        .sheet figcaption{max-width:34em}
        .tile{position:relative;break-inside:avoid;background:#000;border-radius:4px;overflow:hidden;width:112px;height:112px;
        display:flex;align-items:center;justify-content:center}.tile img{display:block;max-width:112px;max-height:112px}
        .tile span{position:absolute;right:3px;bottom:2px;font-size:11px;line-height:1.3;padding:0 4px;border-radius:3px;
        background:#000c;color:#fff}
        .pair .two div span{display:block;font-size:13px;color:var(--muted);margin-bottom:4px}

        """

    private static let paper = """
        @media (max-width:640px){.wrap{padding:0 16px}.hero{padding-top:28px}.panel{padding:16px}
        .sum li{flex:1 1 100%;min-width:0;display:flex;align-items:baseline;gap:10px}.sum .op{display:none}
        .sum b{font-size:19px;min-width:3.2em;text-align:right}
        .facts th,.facts td{display:block;width:auto;border:0;padding:0}.facts tr{display:block;padding:8px 0;
        border-bottom:1px solid var(--line)}.chart th{width:46%}
        .reasons tr{display:grid;grid-template-columns:1fr auto;padding:6px 0}.reasons th{grid-column:1/3;width:auto}
        .held thead{display:none}.held tr{display:block;padding:10px 0;border-bottom:1px solid var(--line)}
        .held th,.held td{display:block;padding:0;border:0;text-align:left}.held .n::after{content:" files"}}
        @media print{:root{--bg:#fff;--panel:#fff;--ink:#000;--muted:#444;--line:#ccc;--soft:#f4f4f4;--released:#2c7a56;
        --masked:#2c66b0;--rejected:#868d98;--held:#a66505;--held-ink:#8a5600;--mixed:#7a58a3;--not-dicom:#bfc5cd;--unfinished:#b4372d;
        --accent:#000;--bad-bg:#fff;--held-bg:#fff;--good-bg:#fff}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
        body{font-size:10.5pt}.wrap{max-width:none;padding:0}nav,.tools,.skip{display:none!important}
        .panel{border-color:#ccc;padding:10pt 12pt;break-inside:auto}.list,.scroll,pre{max-height:none;overflow:visible}
        pre{white-space:pre-wrap}tr,figure,.sum{break-inside:avoid}thead{display:table-header-group}
        .list thead th{position:static}h2,h3{break-after:avoid}section{margin-bottom:18pt}.hero{padding-top:12pt}
        .account li{border:1px solid currentColor}}
        """
}
