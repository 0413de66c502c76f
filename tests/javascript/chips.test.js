// javascript/modelwise_chips.js: how an answer looks, what a chip says, and how the keyboard goes from one to the next.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { page } = require("./support/page.js");

const piece = (text, more = {}) => ({
    kind: "item",
    text,
    written: text,
    slot: "general",
    changes: [],
    reasons: [],
    why: "",
    source: "",
    card: "",
    otherwise: "",
    ...more,
});
const without = (item, reason) => ({ kind: "left_out", item, to: null, slot: null, where: "prompt", reason });
const preview = (pieces, more = {}) => ({
    line: "",
    warnings: [],
    texts: [{ title: "Prompt", text: "", pieces, left_out: [], tokens: null, ...more.text }],
    settings: [],
    ...more,
});

/** A page that shows an answer; `body` is where. */
function showing(given) {
    const shown = page({ open: true });
    shown.show = (next) => shown.context.modelwise.showPreview("txt2img", next);
    shown.show(given);
    const place = shown.elements["#modelwise_txt2img_preview"];
    shown.body = place.querySelector(".modelwise-body");
    shown.word = place.querySelector(".modelwise-word");
    shown.chips = () => shown.body.querySelectorAll(".modelwise-chip");
    shown.reachable = () => shown.chips().filter((each) => each.getAttribute("tabindex") === "0");
    return shown;
}

const letters = (...names) => preview(names.map((name) => piece(name)));

test("warnings stand first, then the texts, then the settings", () => {
    const { body } = showing({
        ...preview([piece("smile")], { text: { tokens: { count: 7, limit: 75 } } }),
        warnings: [
            { text: "grouping: lost", action: "grouping" },
            { text: "a word of another", action: null },
        ],
        settings: [{ name: "CFG", value: "5", reason: "stated" }],
    });
    assert.deepEqual(
        body.children.map((each) => each.textContent),
        ["grouping: lost Keep my grouping", "a word of another", "Prompt 7/75", "smile", "CFG 5 stated"],
    );
    const [button] = body.querySelectorAll("button");
    assert.equal(button.dataset.modelwise, "grouping");
});

test("signs say what happened to a tag", () => {
    const { chips } = showing(
        preview(
            [
                piece("a", { changes: ["added"] }),
                piece("b", { changes: ["moved", "respelled"] }),
                piece("c"),
                piece("BREAK", { kind: "keyword", slot: null }),
            ],
            { text: { left_out: [without("d", "it is in the prompt")] } },
        ),
    );
    assert.deepEqual(
        chips().map((each) => each.textContent),
        ["+a", "↕~b", "c", "−d"],
    );
});

test("a chip says all that is known of it", () => {
    const { wordOn } = page().context.modelwise;
    const all = piece("long hair", {
        written: "long_hair",
        slot: "subject",
        changes: ["moved", "respelled"],
        reasons: ["to the place of subject", "as the captions spell it"],
        why: "subject by the lists",
        source: "subjects.txt",
        card: "place 1 of 6",
        otherwise: "switch the order off",
    });
    assert.deepEqual(wordOn(all).split(" · "), [
        "long hair [subject]",
        "subject by the lists (subjects.txt)",
        "you wrote long_hair",
        "moved: to the place of subject",
        "respelled: as the captions spell it",
        "the card: place 1 of 6",
        "what would change it: switch the order off",
    ]);
    assert.equal(wordOn(piece("a", { slot: null })), "a");
    assert.equal(wordOn(piece("a", { written: null, changes: ["added"], reasons: ["x"] })), "a [general] · added: x");
});

test("text is put in as text", () => {
    const markup = '<img src=x onerror="alert(1)">';
    const { chips, body } = showing(preview([piece(markup)]));
    assert.equal(chips()[0].textContent, markup);
    assert.deepEqual(body.querySelectorAll("img"), []);
});

test("no text node holds a whole tag, which a translation of the page would replace", () => {
    const words = ["Copy", "constructor", "👩‍🚀 x", "BREAK"];
    const { body, chips, word } = showing(preview(words.map((each) => piece(each, { slot: null }))));
    const texts = body.querySelectorAll("li").flatMap((each) => each.childNodes.map((node) => node.textContent));
    assert.deepEqual(
        texts.filter((each) => words.includes(each)),
        [],
    );
    assert.deepEqual(
        chips().map((each) => each.textContent),
        words,
    );
    chips()[0].trigger("mouseover");
    assert.deepEqual(
        word.childNodes.map((node) => node.textContent),
        ["C", "opy"],
    );
});

test("a very long text shows its beginning and says so", () => {
    const many = Array.from({ length: 1000 }, (_, number) => piece(`tag ${number}`));
    const { chips, body } = showing(preview(many, { text: { left_out: [without("d", "x")] } }));
    assert.equal(chips().length, 301);
    assert.deepEqual(
        body
            .querySelectorAll("li")
            .slice(-2)
            .map((each) => each.textContent),
        ["… and 700 more", "−d"],
    );
});

test("pointing at a chip, focusing it and clicking it say its word", () => {
    for (const type of ["mouseover", "focusin", "click"]) {
        const { chips, word } = showing(preview([piece("a", { why: "by the lists" })]));
        chips()[0].trigger(type);
        assert.equal(word.textContent, "a [general] · by the lists", type);
    }
});

test("pointing at nothing keeps the word", () => {
    const { body, word, chips } = showing(letters("a"));
    chips()[0].trigger("mouseover");
    body.trigger("mouseover");
    assert.equal(word.textContent, "a [general]");
});

test("one chip at a time is reached with Tab; the arrow keys go on from there", () => {
    const shown = showing(letters("a", "b", "c"));
    const press = (key) => shown.document.activeElement.trigger("keydown", { key }).prevented;
    const at = () => shown.chips().indexOf(shown.document.activeElement);
    assert.deepEqual(shown.reachable(), [shown.chips()[0]]);
    shown.chips()[0].focus();
    for (const [key, place] of [
        ["ArrowRight", 1],
        ["ArrowDown", 2],
        ["ArrowLeft", 1],
        ["ArrowUp", 0],
        ["End", 2],
        ["Home", 0],
    ]) {
        assert.equal(press(key), true, key);
        assert.equal(at(), place, key);
        assert.deepEqual(shown.reachable(), [shown.chips()[place]]);
    }
    assert.equal(shown.word.textContent, "a [general]");
    assert.equal(press("ArrowLeft"), false, "the page may scroll");
    assert.equal(press("x"), false);
    assert.equal(at(), 0);
});

test("a chip that was clicked is the one that Tab comes back to", () => {
    const shown = showing(letters("a", "b", "c"));
    shown.chips()[2].focus();
    assert.deepEqual(shown.reachable(), [shown.chips()[2]]);
});

test("the focus stays at its place when an answer comes", () => {
    const shown = showing(letters("a", "b", "c"));
    shown.chips()[2].focus();
    shown.show(letters("x", "y", "z"));
    assert.equal(shown.document.activeElement.textContent, "z");
    assert.equal(shown.word.textContent, "z [general]");
    assert.equal(shown.reachable().length, 1);
    shown.show(letters("x"));
    assert.equal(shown.document.activeElement.textContent, "x");
    shown.show(preview([]));
    assert.equal(shown.document.activeElement, shown.body);
});

test("a button that has done its work hands the focus to the chips", () => {
    const shown = showing({ ...letters("a"), warnings: [{ text: "grouping: lost", action: "grouping" }] });
    shown.body.querySelector("button").focus();
    shown.show(letters("a", "b"));
    assert.equal(shown.document.activeElement, shown.chips()[0]);
});

test("an answer does not take the focus from elsewhere", () => {
    const shown = showing(letters("a"));
    const elsewhere = shown.document.createElement("textarea");
    elsewhere.focus();
    shown.show(letters("b"));
    assert.equal(shown.document.activeElement, elsewhere);
});

test("the hint is not said again with every answer", () => {
    const shown = showing(letters("a"));
    const [hint] = shown.word.childNodes;
    shown.show(letters("b"));
    assert.equal(shown.word.childNodes[0], hint);
    shown.chips()[0].trigger("mouseover");
    shown.show(letters("c"));
    assert.equal(shown.word.textContent, hint.textContent);
});
