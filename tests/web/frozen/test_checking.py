"""The check of the links of a static site."""

from pathlib import Path

from kg.web.frozen.checking import broken


def test_each_kind_of_broken_link_is_named(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "style.css").write_text("a { background: url(gone.png) }", encoding="utf-8")
    (tmp_path / "a.mjs").write_text('import x from "./gone.mjs";\n', encoding="utf-8")
    (tmp_path / "index.html").write_text(
        '<link href="style.css"><h1 id="top"></h1><a href="#top"></a><a href="#gone"></a><a href="deep/b.html#x"></a>'
        '<a href="deep/b.html#y"></a><a href="/absolute.html"></a><img src="gone.png"><a href="https://example.org"></a>'
        '<a href="deep"></a><a href="../out.html"></a>',
        encoding="utf-8",
    )
    (tmp_path / "deep" / "b.html").write_text('<p id="x"><a href="../index.html?q=1#top"></a>', encoding="utf-8")
    assert broken(tmp_path) == [
        "a.mjs: ./gone.mjs",
        "index.html: #gone",
        "index.html: ../out.html",
        "index.html: /absolute.html",
        "index.html: deep",
        "index.html: deep/b.html#y",
        "index.html: gone.png",
        "style.css: gone.png",
    ]
