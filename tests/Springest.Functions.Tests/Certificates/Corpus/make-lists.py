#!/usr/bin/env python3
"""Makes lists.zip: the same list as many programs save it, in three languages.

Needs the Debian packages libreoffice-calc-nogui and gnumeric; what Excel, Google Sheets, Numbers and administrations write is written
here byte for byte. Row 1 names the columns, the rows 2 and 3 are right, 4 has no address, 5 no date, 6 no such certification. Each list
is of other people, so that no certificate is there twice. The tests need none of the programs."""

import datetime, io, pathlib, shutil, subprocess, tempfile, zipfile
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).parent
WORK = pathlib.Path(tempfile.mkdtemp())
LISTS = {}

HEADS = {"nl": ["Bestand", "E-mailadres", "Certificering", "Geldig vanaf", "Geldig tot"],
         "de": ["Datei", "E-Mail", "Zertifizierung", "Gültig ab", "Gültig bis"],
         "en": ["File", "Email", "Certification", "Valid from", "Valid until"]}
DATES = {"nl": "%-d-%-m-%Y", "de": "%d.%m.%Y", "en": "%d/%m/%Y", "iso": "%Y-%m-%d"}
FIRST, LAST = datetime.date(2026, 1, 15), datetime.date(2029, 1, 31)


def rows(language, dates):
    text = lambda day: day.strftime(DATES[dates])
    number = len(LISTS)
    return [HEADS[language],
            ["a.pdf", f"jo.{number}@example.test", "3101", text(FIRST), text(LAST)],
            ["Zoë Müller.pdf", f"zoe.{number}@example.test", "Projectleider niveau 1", text(FIRST), ""],
            ["b.pdf", "nobody", "3101", text(FIRST), ""],
            ["c.pdf", f"cy.{number}@example.test", "3101", "31-02-2026", ""],
            ["d.pdf", f"dee.{number}@example.test", "999999", text(FIRST), ""]]


def add(name, extension, content):
    LISTS[f"{len(LISTS):02d} {name}/manifest.{extension}"] = content


def csv(name, language, delimiter, encoding="utf-8", dates=None, newline="\r\n", mark=False, quote=lambda cell, d: d in cell, before="", after="", pad=0):
    cell = lambda text: '"' + text.replace('"', '""') + '"' if quote(text, delimiter) else text
    lines = [delimiter.join([cell(text) for text in row] + [""] * pad) for row in rows(language, dates or language)]
    text = before + newline.join(lines) + newline + after
    add(name, "csv", (b"\xef\xbb\xbf" if mark else b"") + text.encode(encoding))


def texts():
    always = lambda cell, d: True
    for language, delimiter in (("nl", ";"), ("de", ";"), ("en", ",")):
        csv(f"excel {language} csv", language, delimiter, "cp1252")
        csv(f"excel {language} csv that says its delimiter", language, delimiter, mark=True, before=f"sep={delimiter}\r\n")
        csv(f"excel {language} csv utf-8", language, delimiter, mark=True)
        csv(f"excel {language} csv, columns deleted", language, delimiter, mark=True, pad=3)
        csv(f"excel {language} csv, rows deleted", language, delimiter, mark=True, after=(delimiter * 4 + "\r\n") * 3)
        csv(f"google sheets {language} csv", language, ",", newline="\r\n", dates="iso")
        csv(f"numbers {language} csv", language, delimiter, newline="\n")
        csv(f"libreoffice {language} csv, all quoted", language, delimiter, newline="\n", quote=always)
        csv(f"export {language}, ISO dates", language, delimiter, dates="iso", newline="\n", quote=always, mark=True)
    csv("afas export", "nl", ";", "cp1252", quote=always)
    csv("exact export", "nl", ";", mark=True, dates="iso")
    csv("edudex export", "nl", ",", newline="\n", dates="iso", quote=always)
    csv("eduframe export", "nl", ",", newline="\n", dates="iso")
    csv("coachview export", "nl", ";", "cp1252", quote=lambda cell, d: not cell.isdigit())
    csv("windows script", "nl", ";", "cp1252", newline="\r\n", after="\x1a")
    csv("old mac", "nl", ";", newline="\r")


def workbook(name, language, inline=False, places=True, numbers=True, epoch=datetime.date(1899, 12, 30), prefix="", style=1, codes=("dd-mm-yyyy",), formulas=False, empty=False):
    shared, p = [], prefix
    def cell(place, text, day):
        at = f' r="{place}"' if places else ""
        if day and numbers:
            formula = f"<{p}f>DATE(2026,1,15)</{p}f>" if formulas else ""
            return f'<{p}c{at} s="{style}">{formula}<{p}v>{(day - epoch).days}</{p}v></{p}c>'
        if text.isdigit():
            return f"<{p}c{at}><{p}v>{text}</{p}v></{p}c>"
        if not text:
            return f'<{p}c{at} s="{style}"/>' if empty or not places else ""
        if inline:
            return f'<{p}c{at} t="inlineStr"><{p}is><{p}t>{escape(text)}</{p}t></{p}is></{p}c>'
        shared.append(f'<{p}si><{p}t xml:space="preserve">{escape(text)}</{p}t></{p}si>')
        return f'<{p}c{at} t="s"><{p}v>{len(shared) - 1}</{p}v></{p}c>'
    data = ""
    for y, row in enumerate(rows(language, language), 1):
        days = {3: FIRST if y in (2, 3, 4, 6) else None, 4: LAST if y == 2 else None}
        cells = "".join(cell(f"{'ABCDE'[x]}{y}", text, days.get(x)) for x, text in enumerate(row))
        data += f"<{p}row" + (f' r="{y}" spans="1:5"' if places else "") + f">{cells}</{p}row>"
    main = f'xmlns{":" + p[:-1] if p else ""}="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = lambda number, kind, target: f'<Relationship Id="rId{number}" Type="{office}/{kind}" Target="{target}"/>'
    relations = lambda *all: f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(all)}</Relationships>'
    properties = f'<{p}workbookPr date1904="1"/>' if epoch.year == 1904 else f"<{p}workbookPr/>"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations(relation(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<{p}workbook {main} xmlns:r="{office}">{properties}<{p}sheets><{p}sheet name="Blad1" sheetId="1" r:id="rId1"/></{p}sheets></{p}workbook>',
        "xl/_rels/workbook.xml.rels": relations(relation(1, "worksheet", "worksheets/sheet1.xml"), relation(2, "styles", "styles.xml"), relation(3, "sharedStrings", "sharedStrings.xml")),
        "xl/worksheets/sheet1.xml": f'<{p}worksheet {main}><{p}sheetData>{data}</{p}sheetData></{p}worksheet>',
        "xl/styles.xml": f"<{p}styleSheet {main}><{p}numFmts>" + "".join(f'<{p}numFmt numFmtId="{164 + i}" formatCode="{escape(code)}"/>' for i, code in enumerate(codes))
                         + f'</{p}numFmts><{p}cellXfs><{p}xf numFmtId="0"/><{p}xf numFmtId="14"/>' + "".join(f'<{p}xf numFmtId="{164 + i}"/>' for i in range(len(codes))) + f"</{p}cellXfs></{p}styleSheet>",
        "xl/sharedStrings.xml": f"<{p}sst {main}>{''.join(shared)}</{p}sst>"}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            archive.writestr(zipfile.ZipInfo(part, (2026, 1, 1, 0, 0, 0)), '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
    add(name, "xlsx", content.getvalue())


def workbooks():
    for language in HEADS:
        workbook(f"excel {language} xlsx", language)
        workbook(f"excel {language} xlsx, dates as text", language, numbers=False)
        workbook(f"excel {language} xlsx, formulas", language, formulas=True, style=2, codes=("[$-413]d\\ mmmm\\ yyyy;@",))
        workbook(f"google sheets {language} xlsx", language, empty=True, style=2, codes=("d-m-yyyy",))
        workbook(f"numbers {language} xlsx", language, empty=True, style=2, codes=("dd/mm/yyyy",))
    workbook("excel for mac, 1904", "nl", epoch=datetime.date(1904, 1, 1))
    workbook("report generator", "nl", inline=True, places=False)
    workbook("sdk with prefixes", "de", inline=True, prefix="x:")


def programs():
    """What LibreOffice and Gnumeric write themselves."""
    for language, locale, delimiter in (("nl", 1043, 59), ("de", 1031, 59), ("en", 2057, 44)):
        def source():
            (WORK / "in.csv").write_text("\n".join(chr(delimiter).join(row) for row in rows(language, language)) + "\n")
        convert = lambda target: subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{WORK}/lo", f"--infilter=CSV:{delimiter},34,76,1,,{locale},false,true", "--convert-to", target,
             "--outdir", WORK / "out", WORK / "in.csv"], check=True, capture_output=True, timeout=120)
        source()
        convert("xlsx:Calc MS Excel 2007 XML")
        add(f"libreoffice {language} xlsx", "xlsx", (WORK / "out" / "in.xlsx").read_bytes())
        for name, token in (("utf-8", f"{delimiter},34,76,1,,{locale},false,true,false"), ("windows", f"{delimiter},34,1,1,,{locale},false,true,false"),
                            ("quoted", f"{delimiter},34,76,1,,{locale},true,true,false")):
            source()
            convert(f"csv:Text - txt - csv (StarCalc):{token}")
            add(f"libreoffice {language} csv {name}", "csv", (WORK / "out" / "in.csv").read_bytes())
        source()
        convert("xlsx:Calc MS Excel 2007 XML")
        for name, kind in (("2007", "xlsx"), ("2010", "xlsx2")):
            source()
            convert("ods")
            subprocess.run(["ssconvert", f"--export-type=Gnumeric_Excel:{kind}", WORK / "out" / "in.ods", WORK / "out.xlsx"], check=True, capture_output=True)
            add(f"gnumeric {language} {name}", "xlsx", (WORK / "out.xlsx").read_bytes())


texts()
workbooks()
programs()
with zipfile.ZipFile(HERE / "lists.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for name, content in LISTS.items():
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
shutil.rmtree(WORK)
print(len(LISTS), "lists", (HERE / "lists.zip").stat().st_size, "bytes")
