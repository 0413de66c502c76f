// javascript/modelwise_profile_differences.js, and the pure parts of modelwise_controls.js.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { loaded } = require("./support/page.js");

const { differences, finds } = loaded().modelwise;
const between = (one, other) => JSON.parse(JSON.stringify(differences(one, other)));

test("equal profiles have no differences, nor have nothing and an empty list", () => {
    const profile = { id: "a", order: { slots: ["quality", ["meta", "score"]] }, words: [{ tag: "x", low: false }] };
    assert.deepEqual(between(profile, profile), []);
    assert.deepEqual(between({ a: null, b: [], c: "", d: {} }, {}), []);
});

test("a value is named by its path", () => {
    assert.deepEqual(between({ settings: { steps: { value: 28 } } }, { settings: { steps: { value: 20 } } }), [
        ["settings.steps.value", "28", "20"],
    ]);
    assert.deepEqual(between({ cutoff: "2025" }, {}), [["cutoff", "2025", ""]]);
    assert.deepEqual(between({}, { same_card: true }), [["same_card", "", "true"]]);
});

test("a list of words is one value; blocks of an order are joined", () => {
    assert.deepEqual(between({ slots: ["a", ["b", "c"]] }, { slots: [["b", "c"], "a"] }), [["slots", "a, b + c", "b + c, a"]]);
});

test("entries go by their names, not by their places", () => {
    const one = { words: [{ tag: "best", count: 1 }, { tag: "good", count: 2 }] };
    const other = { words: [{ tag: "new", count: 9 }, { tag: "best", count: 1 }, { tag: "good", count: 3 }] };
    assert.deepEqual(between(one, other), [
        ["words", "best, good", "new, best, good"],
        ["words[good].count", "2", "3"],
    ]);
});

test("entries without a name go by their size or place", () => {
    const one = { sizes: [{ width: 64, height: 64, area: 1 }] };
    const other = { sizes: [{ width: 64, height: 64, area: 2 }] };
    assert.deepEqual(between(one, other), [["sizes[64x64].area", "1", "2"]]);
});

test("names with brackets and dots", () => {
    const one = { words: [{ tag: "a [b]. c", count: 1 }] };
    const other = { words: [{ tag: "a [b]. c", count: 2 }] };
    assert.deepEqual(between(one, other), [["words[a [b]. c].count", "1", "2"]]);
});

test("a search finds all its words in any order", () => {
    assert.ok(finds("", "Anything"));
    assert.ok(finds("  XL one ", "Model One XL 1.0"));
    assert.ok(!finds("one two", "Model One"));
});
