// javascript/modelwise_lab_text.js: the same question comes back, whatever its texts hold.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { loaded } = require("./support/page.js");

const { labText, readLabText } = loaded().modelwise;
const REST = {
    profiles: ["one", "two"],
    intent: { quality: "standard", rating: null, year: 2020, aesthetic: null },
    switches: { order: true, series: false },
};
const plain = (value) => JSON.parse(JSON.stringify(value)); // what the script makes is of another realm

test("a question as text can be read by a person", () => {
    const text = labText({ prompt: "1girl\nsmile", negative: "hat", ...REST });
    const lines = text.split("\n");
    assert.deepEqual(lines.slice(0, 3), ["1girl", "smile", "Negative prompt: hat"]);
    assert.match(lines[3], /^Modelwise lab: \{"profiles":\["one","two"\]/);
    assert.equal(lines.length, 4);
});

test("the same question comes back", () => {
    const parts = ["", "1girl", "\n", "Negative prompt: ", "Modelwise lab: {}", "\r", "\\", '"', "{", "雪", " ", "Steps: 1, a: 2, b: 3"];
    let seed = 7;
    const next = (most) => {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        return seed % most;
    };
    const text = () => Array.from({ length: next(6) }, () => parts[next(parts.length)]).join("");
    for (let run = 0; run < 3000; run += 1) {
        const question = { prompt: text(), negative: text(), ...REST };
        assert.deepEqual(plain(readLabText(labText(question))), question);
    }
});

test("line ends of another system and a line at the end change nothing", () => {
    const text = labText({ prompt: "1girl\nsmile", negative: "hat", ...REST });
    assert.deepEqual(plain(readLabText(`${text.replaceAll("\n", "\r\n")}\r\n\n`)), { prompt: "1girl\nsmile", negative: "hat", ...REST });
});

test("an infotext is taken without its settings", () => {
    const infotext = "1girl, smile\nNegative prompt: hat,\nshoes\nSteps: 20, Sampler: Euler a, CFG scale: 5, Modelwise: \"a, b: c\"";
    assert.deepEqual(plain(readLabText(infotext)), { prompt: "1girl, smile", negative: "hat,\nshoes" });
    assert.deepEqual(plain(readLabText("1girl, smile")), { prompt: "1girl, smile", negative: "" });
    assert.deepEqual(plain(readLabText("a: b, c: d")), { prompt: "a: b, c: d", negative: "" });
});

test("what is wrong is named, what is unknown is left out", () => {
    for (const [text, said] of [
        ["a\nModelwise lab: {", /found no JSON/],
        ["a\nModelwise lab: 3", /found 3; allowed: an object/],
        ["a\nModelwise lab: null", /found null/],
        ["a\nModelwise lab: []", /found \[\]/],
        ['a\nModelwise lab: {"profiles": "one"}', /profiles is of the wrong kind/],
        ['a\nModelwise lab: {"profiles": [1]}', /profiles is of the wrong kind/],
        ['a\nModelwise lab: {"intent": null}', /intent is of the wrong kind/],
    ]) {
        assert.throws(() => readLabText(text), { message: said });
    }
    assert.deepEqual(plain(readLabText('a\nModelwise lab: {"new": 1, "__proto__": {"x": 1}}')), { prompt: "a", negative: "" });
});

test("the settings of a long line are looked at in a moment", () => {
    const start = Date.now();
    for (const part of ["ab: c, ", 'ab: "c", ', 'ab: "c, ', "ab: ", "ab "]) {
        readLabText(`1girl\n${part.repeat(20000)}:`);
    }
    assert.ok(Date.now() - start < 2000);
});
