"""What a text may be and how it is formatted; offsets are UTF-16 units."""

from __future__ import annotations

import pytest

from simulator import Person
from tests.simulator.conftest import Api


async def test_a_text_has_4096_characters_after_entities_parsing(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#sendmessage"""
    sent = await api.ok(
        "sendMessage", chat_id=rosa.id, text=f"<b>{'a' * 4096}</b>", parse_mode="HTML"
    )
    assert len(sent["text"]) == 4096
    assert (
        await api.refused("sendMessage", chat_id=rosa.id, text="a" * 4097)
        == "400 Bad Request: message is too long"
    )
    assert (
        await api.refused("sendMessage", chat_id=rosa.id, text="😀" * 2049)
        == "400 Bad Request: message is too long"
    )
    assert [entry["rule"] for entry in api.sim.violations] == ["refused", "refused"]


@pytest.mark.parametrize("text", ["", " \n ", "<b> </b>"])
async def test_an_empty_text_is_refused(api: Api, rosa: Person, text: str) -> None:
    """https://core.telegram.org/bots/api#sendmessage"""
    assert (
        await api.refused("sendMessage", chat_id=rosa.id, text=text, parse_mode="HTML")
        == "400 Bad Request: message text is empty"
    )


async def test_a_caption_has_1024_characters(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#sendphoto"""
    photo = rosa.sends_photo().data["photo"][-1]["file_id"]
    await api.ok("sendPhoto", chat_id=rosa.id, photo=photo, caption="a" * 1024)
    assert (
        await api.refused("sendPhoto", chat_id=rosa.id, photo=photo, caption="a" * 1025)
        == "400 Bad Request: message caption is too long"
    )


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>a</b>", "a", [("bold", 0, 1)]),
        ("<strong>a</strong><em>b</em>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><s>b</s><del>c</del>", "abc",
         [("underline", 0, 1), ("strikethrough", 1, 1), ("strikethrough", 2, 1)]),
        ("😀<b>ñ</b>", "😀ñ", [("bold", 2, 1)]),
        ("<b>a <i>b</i></b>", "a b", [("bold", 0, 3), ("italic", 2, 1)]),
        ("<code>x</code> <pre>y</pre>", "x y", [("code", 0, 1), ("pre", 2, 1)]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote>x</blockquote>", "x", [("blockquote", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("&lt;a&gt; &amp; &quot;b&quot; &#241;&#x1F600;", '<a> & "b" ñ😀', []),
        ("a & b", "a & b", []),
        ("&nbsp;x &copy;", "&nbsp;x &copy;", []),
        ("  <b> a </b>  ", "a", [("bold", 0, 1)]),
        ("<B>a</B>", "a", [("bold", 0, 1)]),
        ("<b>a</>", "a", [("bold", 0, 1)]),
    ],
)  # fmt: skip
async def test_html_style(
    api: Api, rosa: Person, source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    """https://core.telegram.org/bots/api#html-style"""
    sent = await api.ok("sendMessage", chat_id=rosa.id, text=source, parse_mode="HTML")
    assert sent["text"] == text
    got = [(e["type"], e["offset"], e["length"]) for e in sent.get("entities", [])]
    assert got == entities


async def test_html_links_languages_and_mentions(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#html-style"""
    source = (
        '<a href="http://www.example.com/?a=1&amp;b=2">web</a> '
        f"<a href='tg://user?id={rosa.id}'>Rosa</a> "
        '<a href="tg://user?id=777">nobody</a> '
        '<pre><code class="language-python">x</code></pre>'
    )
    sent = await api.ok("sendMessage", chat_id=rosa.id, text=source, parse_mode="HTML")
    assert sent["text"] == "web Rosa nobody x"
    link, mention, code = sent["entities"]
    assert link["url"] == "http://www.example.com/?a=1&b=2"
    assert mention["type"] == "text_mention"
    assert mention["user"]["id"] == rosa.id
    assert (code["type"], code["language"]) == ("pre", "python")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<c>a</c>", 'Unsupported start tag "c" at byte offset 0'),
        ("ñ<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ('<span class="x">a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>x</a>",
         'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
    ],
)  # fmt: skip
async def test_html_that_cannot_be_read(api: Api, rosa: Person, source: str, reason: str) -> None:
    """https://core.telegram.org/bots/api#html-style"""
    got = await api.refused("sendMessage", chat_id=rosa.id, text=source, parse_mode="HTML")
    assert got == f"400 Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*a*", "a", [("bold", 0, 1)]),
        ("_a_ __b__ ~c~ ||d||", "a b c d",
         [("italic", 0, 1), ("underline", 2, 1), ("strikethrough", 4, 1), ("spoiler", 6, 1)]),
        ("*a _b_*", "a b", [("bold", 0, 3), ("italic", 2, 1)]),
        ("`a_b`", "a_b", [("code", 0, 3)]),
        ("```py\nx = 1\n```", "x = 1", [("pre", 0, 5)]),
        (r"1\.5 \*no\*", "1.5 *no*", []),
        (">a\n>b", "a\nb", [("blockquote", 0, 3)]),
        ("😀*ñ*", "😀ñ", [("bold", 2, 1)]),
    ],
)  # fmt: skip
async def test_markdown_v2_style(
    api: Api, rosa: Person, source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    """https://core.telegram.org/bots/api#markdownv2-style"""
    sent = await api.ok("sendMessage", chat_id=rosa.id, text=source, parse_mode="MarkdownV2")
    assert sent["text"] == text
    got = [(e["type"], e["offset"], e["length"]) for e in sent.get("entities", [])]
    assert got == entities


async def test_markdown_v2_link(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#markdownv2-style"""
    sent = await api.ok(
        "sendMessage", chat_id=rosa.id, text=r"[web\!](https://example.org/a\)b)",
        parse_mode="MarkdownV2",
    )  # fmt: skip
    assert sent["text"] == "web!"
    assert sent["entities"][0]["url"] == "https://example.org/a)b"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a-b", "Character '-' is reserved and must be escaped with the preceding '\\'"),
        ("*a", "Can't find end of Bold entity at byte offset 0"),
        ("ñ `a", "Can't find end of Code entity at byte offset 3"),
    ],
)
async def test_markdown_v2_that_cannot_be_read(
    api: Api, rosa: Person, source: str, reason: str
) -> None:
    """https://core.telegram.org/bots/api#markdownv2-style"""
    got = await api.refused("sendMessage", chat_id=rosa.id, text=source, parse_mode="MarkdownV2")
    assert got == f"400 Bad Request: can't parse entities: {reason}"


async def test_legacy_markdown(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#markdown-style"""
    sent = await api.ok(
        "sendMessage", chat_id=rosa.id, text=r"*a* _b_ `c` [d](http://e.org/) \_",
        parse_mode="Markdown",
    )  # fmt: skip
    assert sent["text"] == "a b c d _"
    assert [e["type"] for e in sent["entities"]] == ["bold", "italic", "code", "text_link"]
    got = await api.refused("sendMessage", chat_id=rosa.id, text="a_b", parse_mode="Markdown")
    assert got == (
        "400 Bad Request: can't parse entities: Can't find end of the entity starting at byte "
        "offset 1"
    )


async def test_a_parse_mode_telegram_does_not_know(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#formatting-options"""
    got = await api.refused("sendMessage", chat_id=rosa.id, text="a", parse_mode="BBCode")
    assert got == "400 Bad Request: unsupported parse_mode"


async def test_entities_instead_of_a_parse_mode(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#sendmessage"""
    given = [{"type": "bold", "offset": 0, "length": 2}, {"type": "bold", "offset": 5, "length": 9}]
    sent = await api.ok("sendMessage", chat_id=rosa.id, text="<b>", entities=given)
    assert sent["text"] == "<b>"
    assert sent["entities"] == [given[0]]


async def test_what_is_found_without_being_marked(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#messageentity"""
    rosa.says("/ayuda @town_bot #bache https://example.org/x, rosa@example.org 1/2")
    entities = (await api.updates(offset=-1))[0]["message"]["entities"]
    assert sorted((e["offset"], e["type"]) for e in entities) == [
        (0, "bot_command"), (7, "mention"), (17, "hashtag"), (24, "url"), (47, "email"),
    ]  # fmt: skip


async def test_a_link_preview_choice_comes_back(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#linkpreviewoptions"""
    sent = await api.ok(
        "sendMessage", chat_id=rosa.id, text="x", link_preview_options={"is_disabled": True}
    )
    assert sent["link_preview_options"] == {"is_disabled": True}


async def test_a_reply_quotes_the_message(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#replyparameters"""
    said = rosa.says("hola")
    sent = await api.ok(
        "sendMessage", chat_id=rosa.id, text="x", reply_parameters={"message_id": said.id}
    )
    assert sent["reply_to_message"]["text"] == "hola"
    assert (
        await api.refused(
            "sendMessage", chat_id=rosa.id, text="x", reply_parameters={"message_id": 999}
        )
        == "400 Bad Request: message to be replied not found"
    )
    await api.ok(
        "sendMessage", chat_id=rosa.id, text="x",
        reply_parameters={"message_id": 999, "allow_sending_without_reply": True},
    )  # fmt: skip
