// javascript/modelwise_accept.js: what a taken suggestion makes of a text; ‸ is the caret before and after.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { loaded } = require("./support/page.js");

const { modelwise } = loaded();
const OPTIONS = { separator: true, fresh: false, weight: "1" };

/** The text after a suggestion was taken. */
function after(marked, suggestion, options = {}, which = 0) {
    const caret = marked.indexOf("‸");
    const text = marked.replace("‸", "");
    const query = modelwise.typedAt(text, caret)[which];
    const chosen = typeof suggestion === "string" ? { text: suggestion } : suggestion;
    const { from, to, insert } = modelwise.acceptance(text, caret, query, chosen, { ...OPTIONS, ...options });
    return `${text.slice(0, from)}${insert}‸${text.slice(to)}`;
}

test("the whole tag is replaced, and a separator is added", () => {
    assert.equal(after("long h‸", "long hair"), "long hair, ‸");
    assert.equal(after("1girl, long h‸", "long hair"), "1girl, long hair, ‸");
    assert.equal(after("lo‸ng hair", "long sleeves"), "long sleeves, ‸");
});

test("a separator that is there stays", () => {
    assert.equal(after("long h‸, smile", "long hair"), "long hair‸, smile");
    assert.equal(after("long h‸ , smile", "long hair"), "long hair‸ , smile");
    assert.equal(after("long h‸，smile", "long hair"), "long hair‸，smile");
});

test("none is added where the user wants none, inside brackets and before what ends a group", () => {
    assert.equal(after("long h‸", "long hair", { separator: false }), "long hair‸");
    assert.equal(after("(long h‸:1.2), a", "long hair"), "(long hair‸:1.2), a");
    assert.equal(after("(long h‸air:1.2)", "long sleeves"), "(long sleeves‸:1.2)");
    assert.equal(after("(a, long h‸", "long hair"), "(a, long hair‸");
    assert.equal(after("[red|bl‸]", "blue"), "[red|blue‸]");
});

test("at a line's end the separator is a comma alone", () => {
    assert.equal(after("long h‸\nsmile", "long hair"), "long hair,‸\nsmile");
    assert.equal(after("long h‸ BREAK smile", "long hair"), "long hair,‸ BREAK smile");
});

test("what was typed in front of another tag leaves that tag", () => {
    const fresh = { fresh: true };
    assert.equal(after("smi‸1girl, solo", "smile", fresh), "smile, ‸1girl, solo");
    assert.equal(after("smi‸ 1girl, solo", "smile", fresh), "smile,‸ 1girl, solo");
    assert.equal(after("(smi‸1girl:1.2)", "smile", fresh), "(smile, ‸1girl:1.2)");
    assert.equal(after("long‸ hair, solo", "long hair", fresh), "long hair‸, solo");
    assert.equal(after("long‸_hair, solo", "long hair", fresh), "long hair‸, solo");
    assert.equal(after("smi‸, solo", "smile", fresh), "smile‸, solo");
});

test("brackets of a name go with it", () => {
    assert.equal(after("saber (fa‸te), x", "saber \\(fate\\)"), "saber \\(fate\\)‸, x");
    assert.equal(after("saber (fa‸", "saber \\(fate\\)"), "saber \\(fate\\), ‸");
    assert.equal(after("smile (bl‸ush:1.2)", "blush", {}, 1), "smile (blush‸:1.2)");
});

test("an extra network gets a weight, or keeps what it has", () => {
    const ink = { text: "<lora:ink & wash (v2)" };
    assert.equal(after("<lora:ink‸", ink), "<lora:ink & wash (v2):1> ‸");
    assert.equal(after("<lora:ink‸", ink, { weight: "0.8" }), "<lora:ink & wash (v2):0.8> ‸");
    assert.equal(after("<lora:in‸k:0.7:x=1>, a", ink), "<lora:ink & wash (v2)‸:0.7:x=1>, a");
    assert.equal(after("<lora:in‸k>", ink), "<lora:ink & wash (v2):1‸>");
    assert.equal(after("a, <in‸ b", ink), "a, <lora:ink & wash (v2):1>‸ b");
});

test("a wildcard is closed, once", () => {
    assert.equal(after("__ha‸", "hair/color"), "__hair/color__, ‸");
    assert.equal(after("__ha‸ir__, x", { text: "hair/color" }), "__hair/color__‸, x");
});

test("nothing outside the tag is lost, whatever is taken where", () => {
    const signs = ["(", ")", "[", "|", ":", "\\", "<", "__", ",", "\n", "ab", " ", "1"];
    let seed = 7;
    const next = () => (seed = (seed * 48271) % 2147483647);
    for (let round = 0; round < 300; round += 1) {
        const text = Array.from({ length: 10 }, () => signs[next() % signs.length]).join("");
        for (let caret = 0; caret <= text.length; caret += 1) {
            for (const query of modelwise.typedAt(text, caret)) {
                for (const fresh of [true, false]) {
                    const { from, to } = modelwise.acceptance(text, caret, query, { text: "x" }, { ...OPTIONS, fresh });
                    assert.equal(from, query.start);
                    assert.ok(caret <= to && to <= query.end);
                    assert.ok(!/[,\n]/.test(text.slice(caret, to)), JSON.stringify([text, caret]));
                }
            }
        }
    }
});
