// javascript/modelwise_hints.js: the values beside the boxes. What they look like is for the browser's tests.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { loaded } = require("./support/page.js");

test("a value as it is shown", () => {
    const { hint } = loaded().modelwise;
    const values = { 832: "→ 832", 5: "→ 5", 5.5: "→ 5.5", 0.1: "→ 0.1" };
    for (const [value, text] of Object.entries(values)) assert.equal(hint(Number(value)), text);
    assert.equal(hint(0.1 + 0.2), "→ 0.3");
    assert.equal(hint("Euler a"), "→ Euler a");
});
