// All scripts together: what they leave behind in the page's one scope.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { loaded, page, run } = require("./support/page.js");

test("they run where there is no page, and keep what others have put there", () => {
    const before = { other: 1 };
    const { modelwise } = loaded({ modelwise: before });
    assert.equal(modelwise, before);
    assert.equal(modelwise.other, 1);
});

test("they run twice, as after a reload of the interface", () => {
    const context = loaded();
    run(context);
    assert.equal(typeof context.modelwise.fieldOf, "function");
});

test("they leave one global", () => {
    assert.deepEqual(Object.keys(loaded()), ["modelwise"]);
});

test("they start on a page that lacks everything", () => {
    const { elements } = page();
    assert.doesNotThrow(() => page({ without: Object.keys(elements), hidden: [] }).wait());
});
