// javascript/modelwise_index.js: what opens, and that everything else is refused.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { modelwise, build } = require("./support/completion.js");

const ROWS = Array.from({ length: 3000 }, (_, number) => ({ tag: `tag_${number}_of_many`, count: 3000 - number, category: number % 6 }));
const BUFFER = build(ROWS);

/** A copy with one number of it changed. */
function changed(offset, change) {
    const copy = BUFFER.slice(0);
    const view = new DataView(copy);
    view.setUint8(offset, change(view.getUint8(offset)));
    return copy;
}

const refuses = (buffer, message) => assert.throws(() => modelwise.openIndex(buffer), { message });

test("an index opens, at once or in steps, to the same", async () => {
    const index = modelwise.openIndex(BUFFER);
    assert.deepEqual(await modelwise.openIndexInSteps(BUFFER), index);
    assert.equal(index.counts.length, ROWS.length);
    for (const row of [0, 1, 2999]) {
        assert.equal(modelwise.tagOf(index, row), ROWS[row].tag);
        assert.equal(index.counts[row], ROWS[row].count);
        assert.equal(index.categories[row], ROWS[row].category);
    }
});

test("an empty index opens", () => {
    assert.equal(modelwise.openIndex(build([])).counts.length, 0);
});

test("opening in steps lets others run", async () => {
    const clock = performance.now.bind(performance);
    let [turns, done, time] = [0, false, 0];
    performance.now = () => (time += 10); // every look at the clock, a step's time is over
    try {
        const opening = modelwise.openIndexInSteps(BUFFER).then(() => {
            done = true;
        });
        while (!done) {
            turns += 1;
            await new Promise((resolve) => {
                setTimeout(resolve);
            });
        }
        await opening;
    } finally {
        performance.now = clock;
    }
    assert.ok(turns > 5, `${turns} turns`);
});

test("another version is refused by its number", () => {
    refuses(changed(8, () => 2), "Modelwise: the index of tags can't be used: found version 2; allowed: 1");
});

test("something else, cut, or longer is refused", async () => {
    for (const text of ["", "{}", "<!doctype html><title>Login</title>".repeat(9)]) {
        refuses(new TextEncoder().encode(text).buffer, "Modelwise: the index of tags can't be used: found something else; allowed: an index");
    }
    for (const length of [8, 35, 36, 40, BUFFER.byteLength - 4, BUFFER.byteLength - 1]) refuses(BUFFER.slice(0, length), /found/);
    const longer = new Uint8Array(BUFFER.byteLength + 4);
    longer.set(new Uint8Array(BUFFER));
    refuses(longer.buffer, /found \d+ bytes; allowed: \d+$/);
    await assert.rejects(modelwise.openIndexInSteps(BUFFER.slice(0, 40)), /can't be used/);
});

test("a bit that fell over is seen, wherever it is", () => {
    for (let at = 0; at < BUFFER.byteLength; at += 997) {
        for (const bit of [1, 128]) refuses(changed(at, (byte) => byte ^ bit), /found .+; allowed: /);
    }
});

test("words that changed places are seen", () => {
    const copy = BUFFER.slice(0);
    const words = new Uint32Array(copy);
    [words[20], words[30]] = [words[30], words[20]];
    refuses(copy, /found checksum/);
});
