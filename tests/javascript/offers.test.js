// javascript/modelwise_offers.js: what was looked for before it was typed is what would be found now.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { build } = require("./support/completion.js");
const { loaded } = require("./support/page.js");

const LETTERS = "abcdefghijklmnopqrstuvwxyz".split("");
/** More tags with a first letter than a list has rows. */
const TAGS = LETTERS.flatMap((one, first) =>
    LETTERS.map((other, second) => ({
        tag: `${one}${other}${one}_tail`,
        count: 1000 - 26 * first - second,
        category: second % 5,
        aliases: [`${other}${one}lias`],
    })),
);
const DATA = {
    slots: ["character", "artist", "general"],
    spelling: null,
    prefixes: ["by "],
    specials: [{ tag: "masterpiece", slot: "quality", low: false, says: "" }],
    foreign: { "score 9": "Another" },
    everyday: [],
    networks: { lora: ["ink"] },
    embeddings: ["aerial", "mist"],
    wildcards: [],
    styles: [],
};

const query = (typed, kind = "tag") => ({ kind, network: "", start: 0, end: typed.length, typed, inside: false, closed: "" });

/** Our scripts on a page that is idle when `rest` is called; `clock` says how much time each look at it takes. */
function page(clock = { step: 0 }) {
    const waiting = [];
    let now = 0;
    const { modelwise } = loaded({
        TextEncoder,
        TextDecoder,
        performance: { now: () => (now += clock.step) },
        requestIdleCallback: (callback) => waiting.push(callback),
    });
    modelwise.sources.index = modelwise.openIndex(build(TAGS));
    const known = modelwise.prepared(DATA);
    let searches = 0;
    const { search } = modelwise;
    modelwise.search = (...given) => {
        searches += 1;
        return search(...given);
    };
    return {
        modelwise,
        known,
        counted: () => searches,
        rest(turns = Infinity) {
            for (let turn = 0; turn < turns && waiting.length; turn += 1) waiting.shift()();
            return waiting.length;
        },
        foresee: (typed, negative = false) => modelwise.foreseeOffers(query(typed), known, negative),
        offered(typed, negative = false) {
            return JSON.parse(JSON.stringify(modelwise.offerFor(query(typed), known, negative).all()));
        },
    };
}

test("what was foreseen is what is found now, and nothing is searched for then", () => {
    const [early, late] = [page(), page()];
    for (const typed of ["", "a", "ab", "q", "mas", "scor", "by ", "by a", "aer", "abab"]) {
        early.foresee(typed);
        early.rest();
        for (const letter of LETTERS) {
            const before = early.counted();
            const offered = early.offered(typed + letter);
            assert.equal(early.counted(), before, typed + letter);
            assert.deepEqual(offered, late.offered(typed + letter), typed + letter);
        }
    }
});

test("what was not foreseen is found as well, and what was offered is kept", () => {
    const at = page();
    at.foresee("");
    const first = at.offered("a");
    assert.ok(first.length > at.modelwise.list.seen);
    at.rest();
    const before = at.counted();
    assert.deepEqual(at.offered("a"), first);
    assert.deepEqual(at.offered("a"), first);
    assert.equal(at.counted(), before);
});

test("only what is seen is made at once", () => {
    const at = page();
    const { seen, all } = at.modelwise.offerFor(query("a"), at.known, false);
    assert.equal(seen.length, at.modelwise.list.seen);
    const every = all();
    assert.ok(every.length > seen.length);
    assert.deepEqual(every.slice(0, seen.length), seen);
    assert.equal(all(), every);
    assert.equal(seen.length, at.modelwise.list.seen);
});

test("the letters are looked for in slices, and of the last text only", () => {
    const at = page({ step: 1 });
    at.foresee("a");
    assert.equal(at.rest(1), 1);
    assert.ok(at.counted() > 0 && at.counted() < 10, String(at.counted()));
    const before = at.counted();
    at.foresee("ab");
    assert.equal(at.rest(), 0);
    at.offered("abc");
    at.offered("abz");
    const after = at.counted();
    at.offered("az");
    assert.equal(at.counted(), after + 1, "the letters of the text before were not gone on with");
    assert.ok(after > before);
});

test("the letters with which what is offered goes on are looked for first", () => {
    const at = page({ step: 1 });
    for (const [typed, likely] of [["zo", "z"], ["ma", "s"], ["MA", "s"], ["zoz", "_"]]) {
        at.offered(typed);
        at.foresee(typed);
        at.rest(1);
        const before = at.counted();
        at.offered(typed + likely);
        assert.equal(at.counted(), before, typed + likely);
        at.rest();
    }
});

test("what was used last is kept longest", () => {
    const at = page();
    at.offered("a");
    for (const one of LETTERS) {
        for (const other of LETTERS) {
            at.foresee(one + other);
            at.rest();
            at.offered("a");
        }
    }
    const before = at.counted();
    at.offered("a");
    assert.equal(at.counted(), before);
});

test("another box, other words, another index or a tag that was taken: nothing old is offered", () => {
    const at = page();
    const offer = (known = at.known, negative = false) => at.modelwise.offerFor(query("ab"), known, negative);
    const changes = {
        box: () => offer(at.known, true),
        words: () => offer(at.modelwise.prepared(DATA)),
        index: () => {
            at.modelwise.sources.index = at.modelwise.openIndex(build(TAGS.slice(1)));
            offer();
        },
        uses: () => {
            at.modelwise.forgetOffers();
            offer();
        },
    };
    for (const [name, change] of Object.entries(changes)) {
        at.foresee("a");
        at.rest();
        const before = at.counted();
        change();
        assert.equal(at.counted(), before + 1, name);
    }
});

test("what is kept has a bound", () => {
    const at = page();
    for (const one of LETTERS) {
        for (const other of LETTERS) {
            at.foresee(one + other);
            at.rest();
        }
    }
    const before = at.counted();
    for (const one of LETTERS) for (const other of LETTERS) at.offered(`${one}${other}a`);
    assert.ok(at.counted() - before > 26 * 26 - 500, String(at.counted() - before));
});

test("names of networks and wildcards are not foreseen", () => {
    const at = page();
    at.modelwise.foreseeOffers(query("i", "network"), at.known, false);
    assert.equal(at.rest(), 0);
    assert.equal(at.counted(), 0);
});
