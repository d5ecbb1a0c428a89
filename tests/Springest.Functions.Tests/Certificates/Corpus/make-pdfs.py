#!/usr/bin/env python3
"""Makes pdfs.zip and pdfs.tsv: PDFs of many programs, good, damaged and dangerous ones, and what qpdf and mutool say of each.

Needs the Debian packages qpdf, mupdf-tools, ghostscript, pdftk-java, libreoffice-calc-nogui and img2pdf. The tests need none of them:
they read what is kept here. The fourth column of pdfs.tsv is the code that the app must give, - for none; the last one says why where
the programs disagree with it or with each other."""

import base64, pathlib, re, shutil, struct, subprocess, sys, tempfile, zipfile, zlib

HERE = pathlib.Path(__file__).parent
WORK = pathlib.Path(tempfile.mkdtemp())
FILES = {}  # name: (bytes, code, remark)


def run(*command, codes=(0,)):
    result = subprocess.run([str(part) for part in command], cwd=WORK, capture_output=True, timeout=180)
    if result.returncode not in codes:
        raise RuntimeError(f"{command}: {result.returncode} {result.stderr[-400:]}")
    return result.stdout


def add(name, content, code="-", remark=""):
    assert name not in FILES, name
    FILES[name] = (content, code, remark)


def made(name, *command, code="-", remark="", codes=(0, 3)):
    run(*command, codes=codes)
    add(name, (WORK / "out.pdf").read_bytes(), code, remark)
    (WORK / "out.pdf").unlink()


def plain(catalog="", *objects, trailer="", version="1.7", page="<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>", kids="[3 0 R] /Count 1"):
    bodies = [f"<< /Type /Catalog /Pages 2 0 R {catalog} >>", f"<< /Type /Pages /Kids {kids} >>", page, *objects]
    pdf, places = f"%PDF-{version}\n", ""
    for number, body in enumerate(bodies, 1):
        places += f"{len(pdf):010d} 00000 n \n"
        pdf += f"{number} 0 obj\n{body}\nendobj\n"
    table = len(pdf)
    pdf += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{places}"
    pdf += f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n"
    return pdf.encode("latin-1")


def packed(catalog="", *objects, squeeze=None, extra="/Filter /FlateDecode"):
    bodies = [f"<< /Type /Catalog /Pages 2 0 R {catalog} >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
              "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>", *objects]
    numbers, text = "", ""
    for number, body in enumerate(bodies, 1):
        numbers += f"{number} {len(text)} "
        text += body + "\n"
    data = (squeeze or zlib.compress)((numbers + text).encode("latin-1"))
    stream, table = len(bodies) + 1, len(bodies) + 2
    pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    at = len(pdf)
    pdf += f"{stream} 0 obj\n<< /Type /ObjStm /N {len(bodies)} /First {len(numbers)} {extra} /Length {len(data)} >>\nstream\n".encode()
    pdf += data + b"\nendstream\nendobj\n"
    place = lambda kind, where, index: struct.pack(">BIB", kind, where, index)
    here = len(pdf)
    rows = place(0, 0, 255) + b"".join(place(2, stream, i) for i in range(len(bodies))) + place(1, at, 0) + place(1, here, 0)
    pdf += f"{table} 0 obj\n<< /Type /XRef /Size {table + 1} /W [1 4 1] /Root 1 0 R /Length {len(rows)} >>\nstream\n".encode()
    return pdf + rows + f"\nendstream\nendobj\nstartxref\n{here}\n%%EOF\n".encode()


def documents():
    """Documents as programs make them."""
    (WORK / "c.html").write_text("<html><body><h1>Certificaat</h1><p>HTML/JavaScript 2 &mdash; Zo&euml; M&uuml;ller (caf&eacute;)</p><table border=1>"
                                 "<tr><td>%PDF /Launch</td></tr></table></body></html>")
    (WORK / "c.csv").write_text("naam;cursus\nZo\u00eb;HTML/JavaScript\n")
    for name, options in {"writer": "", "pdfa1": ":SelectPdfVersion=1", "pdfa2": ":SelectPdfVersion=2", "pdfa3": ":SelectPdfVersion=3",
                          "1.5": ":SelectPdfVersion=15", "1.6": ":SelectPdfVersion=16", "ua": ":PDFUACompliance=true", "tagged": ":UseTaggedPDF=true"}.items():
        json = "{" + ",".join(f'"{key}":{{"type":"{"boolean" if value == "true" else "long"}","value":"{value}"}}'
                              for key, value in [part.split("=") for part in options.lstrip(":").split(",") if part]) + "}"
        run("soffice", "--headless", f"-env:UserInstallation=file://{WORK}/lo", "--convert-to", f"pdf:calc_pdf_Export:{json}" if options else "pdf",
            "--outdir", WORK, WORK / "c.csv")
        add(f"libreoffice-{name}.pdf", (WORK / "c.pdf").read_bytes())
    for name, options in {"permissions": '"RestrictPermissions":{"type":"boolean","value":"true"},"PermissionPassword":{"type":"string","value":"o"}',
                          "password": '"EncryptFile":{"type":"boolean","value":"true"},"DocumentOpenPassword":{"type":"string","value":"u"}'}.items():
        run("soffice", "--headless", f"-env:UserInstallation=file://{WORK}/lo", "--convert-to", "pdf:calc_pdf_Export:{" + options + "}",
            "--outdir", WORK, WORK / "c.csv")
        add(f"libreoffice-{name}.pdf", (WORK / "c.pdf").read_bytes(), "-" if name == "permissions" else "pdf_needs_password")
    (WORK / "c.ps").write_text("%!PS\n/Helvetica findfont 24 scalefont setfont 72 720 moveto (HTML/JavaScript \\(2\\)) show showpage\n"
                               "[ /Title (a course in /JavaScript and /Launch) /DOCINFO pdfmark\n")
    for level in ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "2.0"):
        made(f"ghostscript-{level}.pdf", "gs", "-q", "-sDEVICE=pdfwrite", f"-dCompatibilityLevel={level}", "-o", "out.pdf", "c.ps")
    for name, option in {"uncompressed": "-dCompressPages=false", "ascii": "-dASCII85EncodePages=true", "linear": "-dFastWebView=true",
                         "noids": "-dOmitInfoDate=true"}.items():
        made(f"ghostscript-{name}.pdf", "gs", "-q", "-sDEVICE=pdfwrite", option, "-o", "out.pdf", "c.ps")
    for device in ("pdfimage8", "pdfimage24", "pdfimage32", "pdfocr8"):
        if device != "pdfocr8":
            made(f"ghostscript-{device}.pdf", "gs", "-q", f"-sDEVICE={device}", "-r36", "-o", "out.pdf", "c.ps")
    made("ghostscript-restricted.pdf", "gs", "-q", "-sDEVICE=pdfwrite", "-sOwnerPassword=o", "-dEncryptionR=3", "-dKeyLength=128", "-o", "out.pdf", "c.ps")
    made("ghostscript-password.pdf", "gs", "-q", "-sDEVICE=pdfwrite", "-sOwnerPassword=o", "-sUserPassword=u", "-dEncryptionR=3", "-dKeyLength=128",
         "-o", "out.pdf", "c.ps", code="pdf_needs_password")
    png = lambda kind, row: (b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in [
        (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, kind, 0, 0, 0)), (b"IDAT", zlib.compress(8 * (b"\0" + row))), (b"IEND", b"")]))
    for name, kind, row in (("gray", 0, bytes(8)), ("colour", 2, bytes(range(24)))):
        (WORK / "i.png").write_bytes(png(kind, row))
        made(f"img2pdf-{name}.pdf", "img2pdf", "-o", "out.pdf", "i.png")
    (WORK / "t.txt").write_text("%%MediaBox 0 0 300 300\n%%Font F Helvetica\nBT /F 12 Tf 50 50 Td (x) Tj ET\n")
    for name, options in {"": "", "-compressed": "compress", "-ascii": "ascii", "-pretty": "pretty", "-incremental": "decompress"}.items():
        made(f"mutool-create{name}.pdf", "mutool", "create", "-o", "out.pdf", *(["-O", options] if options else []), "t.txt")


def changed():
    """What qpdf, mutool and pdftk make of them."""
    (WORK / "a.pdf").write_bytes(FILES["ghostscript-1.7.pdf"][0])
    (WORK / "b.pdf").write_bytes(FILES["libreoffice-writer.pdf"][0])
    (WORK / "s.js").write_text("app.alert(1)")
    for base in ("a", "b"):
        for name, options in {
                "qdf": ["--qdf"], "qdf-streams": ["--qdf", "--object-streams=preserve"], "linear": ["--linearize"],
                "linear-packed": ["--linearize", "--object-streams=generate"], "packed": ["--object-streams=generate"],
                "open": ["--object-streams=disable"], "uncompressed": ["--stream-data=uncompress"], "recompressed": ["--recompress-flate", "--compression-level=9"],
                "newline": ["--newline-before-endstream"], "normal": ["--normalize-content=y"], "coalesced": ["--coalesce-contents"],
                "1.3": ["--force-version=1.3"], "2.0": ["--force-version=2.0"], "id": ["--static-id"], "rotated": ["--rotate=+90"],
                "twice": ["--empty", "--pages", f"{base}.pdf", f"{base}.pdf", "--"], "packed-open": ["--object-streams=generate", "--stream-data=uncompress"],
        }.items():
            made(f"qpdf-{base}-{name}.pdf", "qpdf", *(options if name == "twice" else [f"{base}.pdf", *options]), "out.pdf")
        for name, options in {"rc4-40": ["40"], "rc4-128": ["128"], "aes-128": ["128", "--use-aes=y"], "aes-256": ["256"], "aes-256-r5": ["256", "--force-R5"],
                              "open-metadata": ["128", "--use-aes=y", "--cleartext-metadata"], "no-print": ["128", "--print=none"],
                              "no-print-256": ["256", "--print=none", "--modify=none", "--extract=n"]}.items():
            for kind, user in (("restricted", ""), ("password", "u")):
                made(f"qpdf-{base}-{kind}-{name}.pdf", "qpdf", "--allow-weak-crypto", f"{base}.pdf", "--encrypt", user, "o", *options, "--", "out.pdf",
                     code="-" if kind == "restricted" else "pdf_needs_password")
            if base == "a":
                made(f"qpdf-packed-restricted-{name}.pdf", "qpdf", "--allow-weak-crypto", f"{base}.pdf", "--object-streams=generate", "--encrypt", "", "o",
                     *options, "--", "out.pdf")
        for name, options in {"clean": [], "g": ["-g"], "gggg": ["-gggg"], "z": ["-z"], "d": ["-d"], "a": ["-a"], "s": ["-s"], "gz": ["-gggg", "-z"], "lin": ["-l"]}.items():
            made(f"mutool-{base}-{name}.pdf", "mutool", "clean", *options, f"{base}.pdf", "out.pdf")
        for kind, user, code in (("restricted", "", "-"), ("password", "u", "pdf_needs_password")):
            for method in ("rc4-40", "rc4-128", "aes-128", "aes-256"):
                made(f"mutool-{base}-{kind}-{method}.pdf", "mutool", "clean", "-E", method, "-O", "o", *(["-U", user] if user else []), f"{base}.pdf", "out.pdf", code=code)
        for name, options in {"cat": ["cat"], "compress": ["cat", "output", "out.pdf", "compress"], "uncompress": ["cat", "output", "out.pdf", "uncompress"]}.items():
            made(f"pdftk-{base}-{name}.pdf", "pdftk", f"{base}.pdf", *options, *([] if "output" in options else ["output", "out.pdf"]))
        made(f"pdftk-{base}-restricted.pdf", "pdftk", f"{base}.pdf", "cat", "output", "out.pdf", "owner_pw", "o")
        made(f"pdftk-{base}-password.pdf", "pdftk", f"{base}.pdf", "cat", "output", "out.pdf", "owner_pw", "o", "user_pw", "u", code="pdf_needs_password")
        made(f"qpdf-{base}-attachment.pdf", "qpdf", f"{base}.pdf", "--add-attachment", "s.js", "--", "out.pdf")


FAR = "qpdf looks for the end in the last 1,054 bytes and cannot rebuild a table that is a stream; mutool and viewers open it"


def ends():
    """Ends as they come, and do not come."""
    good, stream = FILES["qpdf-a-open.pdf"][0], FILES["qpdf-a-packed.pdf"][0]
    for name, pdf in (("table", good), ("stream", stream)):
        body = pdf[:pdf.rindex(b"%%EOF")]
        add(f"end-{name}-nuls.pdf", pdf + bytes(4845), remark=FAR if name == "stream" else "")
        add(f"end-{name}-many-nuls.pdf", pdf + bytes(80508), remark="mutool and qpdf look back only so far and then repair it; viewers look past blanks")
        add(f"end-{name}-blanks.pdf", pdf + b"\r\n" * 3000, remark=FAR if name == "stream" else "")
        add(f"end-{name}-html.pdf", pdf + b"<html>" + b"x" * 30000 + b"</html>", remark=FAR if name == "stream" else "")
        add(f"end-{name}-EO.pdf", body + b"%%EO")
        add(f"end-{name}-none.pdf", body)
        add(f"end-{name}-none-nuls.pdf", body.rstrip() + bytes(512))
        add(f"end-{name}-twice.pdf", pdf + b"%%EOF\n%%EOF\n")
        add(f"end-{name}-word.pdf", pdf.rstrip() + b"abc")
        add(f"end-{name}-cut-table.pdf", pdf[:pdf.rindex(b"startxref") - 30], "file_is_cut_off", "both repair what is left, and nobody knows what was lost")
        add(f"end-{name}-cut-half.pdf", pdf[:len(pdf) // 2], "file_is_cut_off", "both repair what is left, and nobody knows what was lost")
        add(f"end-{name}-cut-early.pdf", pdf[:60], "file_is_cut_off")
        add(f"end-{name}-cut-update.pdf", pdf + b"99 0 obj << /A", "file_is_cut_off", "the update is incomplete; both ignore it")
        add(f"end-{name}-update.pdf", pdf + b"99 0 obj << /A 1 >> endobj\nstartxref\n1\n%%EOF\n", remark="a table that is not there is rebuilt by every reader")
        add(f"end-{name}-reencoded.pdf", pdf.decode("utf-8", "replace").encode(), "file_is_reencoded",
            "both open what can be read of it, which is a page without content" if name == "table" else "")
        add(f"start-{name}-garbage.pdf", b"x" * 900 + b"\n" + pdf, remark="places count from the mark, or are rebuilt")
        add(f"start-{name}-bom.pdf", b"\xef\xbb\xbf" + pdf)
        add(f"start-{name}-multipart.pdf", b"--boundary\r\nContent-Type: application/pdf\r\n\r\n" + pdf)
        add(f"start-{name}-base64.pdf", base64.b64encode(pdf), "file_is_base64")
        add(f"start-{name}-cr.pdf", plain("", "<< /A 1 >>").replace(b"\n", b"\r") if name == "table" else pdf.replace(b"\nendobj", b"\rendobj"))
    add("not-html.pdf", b"<html><body>Log in</body></html>", "file_is_not_pdf")
    add("not-zip.pdf", b"PK\3\4" + bytes(100), "file_is_not_pdf")
    add("not-jpeg.pdf", b"\xff\xd8\xff\xe0" + bytes(100), "file_is_not_pdf")
    add("pages-none.pdf", plain(kids="[] /Count 0", page="null"), "pdf_has_no_pages")
    add("pages-untyped.pdf", plain(page="<< /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>", *[]).replace(b"4 0 R", b"null "))
    add("pages-type-elsewhere.pdf", plain("", "/Page", page="<< /Type 4 0 R /Parent 2 0 R /MediaBox [0 0 595 842] >>"))


def dangers():
    """Scripts and programs, and what only looks like them."""
    script, program = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>", "<< /S /Launch /F (cmd.exe) >>"
    for form, make in (("plain", plain), ("packed", packed)):
        for name, arguments, code in (
                ("open-action", [f"/OpenAction {script}"], "pdf_has_script"), ("indirect", ["/OpenAction 4 0 R", script], "pdf_has_script"),
                ("indirect-name", ["/OpenAction << /S 4 0 R /JS (x) >>", "/JavaScript"], "pdf_has_script"),
                ("comment", ["/OpenAction << /S %\n/JavaScript /JS (x) >>"], "pdf_has_script"), ("escaped", ["/OpenAction << /S /J#61vaScript /JS (x) >>"], "pdf_has_script"),
                ("names", ["/Names << /JavaScript << /Names [(a) 4 0 R] >> >>", script], "pdf_has_script"), ("additional", [f"/AA << /WC {script} >>"], "pdf_has_script"),
                ("next", ["/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 4 0 R >>", script], "pdf_has_script"),
                ("rendition", ["/OpenAction << /S /Rendition /OP 0 /JS (x) >>"], "pdf_has_script"), ("xfa", ["/AcroForm << /Fields [] /XFA [(template) 4 0 R] >>", "<< >>"], "pdf_has_script"),
                ("launch", [f"/OpenAction {program}"], "pdf_launches"), ("launch-indirect", ["/OpenAction 4 0 R", program], "pdf_launches"),
                ("launch-comment", ["/OpenAction << /S %\r/Launch /F (cmd.exe) >>"], "pdf_launches"), ("launch-name", ["/OpenAction << /S 4 0 R >>", "/Launch"], "pdf_launches"),
                ("title", ["", "<< /Title (HTML/JavaScript, /Launch and \\(/JS\\)) >>"], "-"), ("hex", ["", "<< /Title <2F4A617661536372697074> >>"], "-"),
                ("in-comment", ["% /JavaScript /Launch\n"], "-"), ("goto", ["/OpenAction [3 0 R /Fit]"], "-"),
                ("uri", ["/OpenAction << /S /URI /URI (javascript:alert\\(1\\)) >>"], "-")):
            add(f"{form}-{name}.pdf", make(*arguments), code, "both open it: what it does when it is opened is another matter" if code != "-" else "")
    for name, options in {"filter": dict(extra="/Filter [/ASCIIHexDecode /FlateDecode]", squeeze=lambda data: zlib.compress(data).hex().encode() + b">"),
                          "stored": dict(squeeze=lambda data: zlib.compress(data, 0))}.items():
        add(f"packed-{name}.pdf", packed(**options), "pdf_is_opaque" if name == "filter" else "-", "nobody packs objects so" if name == "filter" else "")
    add("packed-bomb.pdf", packed("", squeeze=lambda data: zlib.compress(data + bytes(40_000_000))), "pdf_is_opaque", "both open it and take 40 MB for it")
    add("packed-damaged.pdf", packed(squeeze=lambda data: zlib.compress(data)[:9] + b"\xff" * 9), "pdf_is_opaque")
    add("packed-end-in-it.pdf", packed("/T (endstream) /OpenAction " + script, squeeze=lambda data: zlib.compress(data, 0)), "pdf_has_script", "both open it")


def encrypted():
    """What opens without a password, its objects in the open and packed, with a script and without; and what only seems to be so."""
    script, program = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>", "<< /S /Launch /F (cmd.exe) >>"
    methods = {"rc4-40": ["40"], "rc4-128": ["128", "--use-aes=n"], "aes-128": ["128", "--use-aes=y"], "aes-128-clear": ["128", "--use-aes=y", "--cleartext-metadata"],
               "rc4-v4": ["128", "--force-V4"], "aes-256": ["256"], "aes-256-r5": ["256", "--force-R5"], "aes-256-clear": ["256", "--cleartext-metadata"]}
    for name, options in methods.items():
        for kind, content, code in (("script", packed("/OpenAction 4 0 R", script), "pdf_has_script"), ("launch", packed("/OpenAction 4 0 R", program), "pdf_launches"),
                                    ("form", packed("/AcroForm 4 0 R", "<< /Fields [] /XFA [(template) 5 0 R] >>", "<< >>"), "pdf_has_script"),
                                    ("goto", packed("/OpenAction 4 0 R", "[3 0 R /Fit]"), "-"), ("open-script", plain("/OpenAction 4 0 R", script), "pdf_has_script")):
            (WORK / "in.pdf").write_bytes(content)
            made(f"encrypted-{name}-{kind}.pdf", "qpdf", "--allow-weak-crypto", "--object-streams=preserve", "in.pdf", "--encrypt", "", "o", *options, "--", "out.pdf", code=code)
    # What is encrypted may begin with the code of a line break, one time in 128.
    for code in (b"\n", b"\r"):
        (WORK / "in.pdf").write_bytes(packed("/OpenAction 4 0 R", "[3 0 R /Fit]"))
        name = f"encrypted-begins-with-{code[0]:02x}.pdf"
        while True:
            FILES.pop(name, None)
            made(name, "qpdf", "--object-streams=preserve", "in.pdf", "--encrypt", "", "o", "256", "--", "out.pdf", code="-")
            if re.search(rb"/ObjStm.*?stream\n(.)", FILES[name][0], re.S).group(1) == code:
                break
    (WORK / "in.pdf").write_bytes(packed("/OpenAction 4 0 R", script))
    made("encrypted-bare-script.pdf", "qpdf", "--object-streams=preserve", "--stream-data=uncompress", "in.pdf", "--encrypt", "", "o", "256", "--", "out.pdf",
         code="pdf_is_opaque", remark="nobody packs objects so")
    good = FILES["encrypted-aes-256-script.pdf"][0]
    encrypt = int(re.search(rb"/Encrypt (\d+) 0 R", good).group(1))
    other = re.search(rb"/Filter /Standard.*?>>\s*endobj", FILES["encrypted-aes-256-r5-goto.pdf"][0], re.S).group(0)
    at = good.index(b"\n", 10) + 1
    add("encrypted-decoy-script.pdf", good[:at] + b"%d 0 obj << %s\n" % (encrypt, other) + good[at:], "pdf_needs_password", "two keys: readers repair it and take one")
    add("encrypted-two-names.pdf", good.replace(b"/StmF /StdCF", b"/StmF /Identity /StmF /StdCF"), "pdf_needs_password", "a name twice: readers take one or the other")
    add("encrypted-wrong-number.pdf", re.sub(rb"(\n)(\d+)( 0 obj\s*<<[^>]*/ObjStm)", lambda found: b"\n%d" % (int(found[2]) + 40) + found[3],
                                             FILES["encrypted-aes-128-script.pdf"][0], count=1),
        "pdf_is_opaque", "the objects are numbered otherwise than the table has it")


def verdicts(path):
    def pages(text, pattern):
        found = re.findall(pattern, text)
        return len(found) if pattern.startswith(b"<page") else int(found[0]) if found else 0
    check = subprocess.run(["qpdf", "--check", path], capture_output=True, timeout=120)
    count = subprocess.run(["qpdf", "--show-npages", path], capture_output=True, timeout=120)
    qpdf = {0: "good", 3: "repaired", 2: "bad"}[check.returncode]
    if b"invalid password" in check.stderr:
        qpdf = "password"
    drawn = subprocess.run(["mutool", "draw", "-q", "-F", "trace", "-o", "/dev/null", path], capture_output=True, timeout=120)
    shown = subprocess.run(["mutool", "pages", path], capture_output=True, timeout=120)
    mutool = "password" if b"cannot authenticate" in drawn.stderr + shown.stderr else "bad" if drawn.returncode or not pages(shown.stdout, rb"<page ") else \
        "repaired" if b"repair" in drawn.stderr + shown.stderr else "good"
    return f"{qpdf} {pages(count.stdout, rb'[0-9]+')}", f"{mutool} {pages(shown.stdout, rb'<page ')}"


documents()
changed()
ends()
dangers()
encrypted()
lines = ["file\tqpdf, pages\tmutool, pages\texpected\tremark"]
with zipfile.ZipFile(HERE / "pdfs.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for name, (content, code, remark) in sorted(FILES.items()):
        (WORK / "x.pdf").write_bytes(content)
        lines.append("\t".join([name, *verdicts(WORK / "x.pdf"), code, remark]))
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
(HERE / "pdfs.tsv").write_text("\n".join(lines) + "\n")
shutil.rmtree(WORK)
print(len(FILES), "files", (HERE / "pdfs.zip").stat().st_size, "bytes")
