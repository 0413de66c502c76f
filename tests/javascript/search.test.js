// javascript/modelwise_search.js and what it stands on, against a search that looks at every tag.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { modelwise, build, FullScan, mistyped } = require("./support/completion.js");

let check;
try {
    check = require("fast-check");
} catch {
    check = null;
}
/** The same examples each time, so that what fails is what was changed; or many new ones. */
const THOROUGH = process.env.MODELWISE_PROPERTIES === "thorough";
const SEED = THOROUGH ? {} : { seed: 1 };

/** Look for a counterexample, and tell it with what went wrong. */
function holds(property, numRuns) {
    const details = check.check(property, { numRuns, ...SEED });
    const reason = details.errorInstance ?? details.error;
    assert.ok(!details.failed, `${JSON.stringify(details.counterexample)}, seed ${details.seed}: ${reason}`);
}

const RUNS = THOROUGH ? 6000 : 300;
const WITHOUT = check ? false : "fast-check is not installed: npm ci brings it";

const TAGS = [
    ["1girl", 6000, 0, ["sole_female", "女の子"]],
    ["long_hair", 5000, 0, ["longhair", "ロングヘア"]],
    ["blue_eyes", 2000, 0, []],
    ["very_long_hair", 1000, 0, []],
    ["hatsune_miku", 900, 4, ["miku_hatsune", "初音ミク"]],
    ["hair_ornament", 800, 0, []],
    ["t-shirt", 700, 0, []],
    ["pokémon_(creature)", 600, 0, []],
    ["re:zero", 500, 3, []],
    ["fate/stay_night", 400, 3, []],
    ["<b>bold</b>", 300, 0, []],
    [">_<", 200, 0, []],
    ["-_-", 190, 0, []],
    ["hair", 100, 0, []],
    ["thighhighs", 90, 0, []],
    ["שלום", 50, 0, []],
];
const rowsOf = (tags) => tags.map(([tag, count, category, aliases]) => ({ tag, count, category, aliases }));
const opened = (rows) => modelwise.openIndex(build(rows));
const index = opened(rowsOf(TAGS));
const search = (...given) => Array.from(modelwise.search(...given));
const found = (typed, options = {}) => search(index, typed, { limit: 10, ...options });
const tags = (typed, options) => found(typed, options).map((match) => match.tag);

test("the start of any word finds a tag, popular ones first; the whole name comes before", () => {
    assert.deepEqual(tags("hair"), ["hair", "long_hair", "very_long_hair", "hair_ornament"]);
    assert.deepEqual(found("hair").map(({ kind }) => kind), ["exact", "word", "word", "prefix"]);
});

test("several words in any order, across spaces, underscores and hyphens", () => {
    for (const typed of ["long h", "h long", "LONG_HA", "long-hair", "  long   hair ", "ｌｏｎｇ　ｈ"]) {
        assert.equal(tags(typed)[0], "long_hair", typed);
    }
    assert.equal(found("hair lo")[0].kind, "words");
    for (const typed of ["t shirt", "t_shirt", "T-Shirt", "tshirt"]) assert.equal(tags(typed)[0], "t-shirt", typed);
    for (const typed of ["zero", "re zero", "stay fate", "night"]) assert.equal(found(typed)[0].category, 3, typed);
});

test("what a match tells", () => {
    const match = { tag: "hatsune_miku", alias: null, category: 4, count: 900, kind: "word", row: 4 };
    assert.deepEqual(found("miku"), [match]);
    assert.deepEqual(found("miku hatsune")[0], { ...match, alias: "miku_hatsune", kind: "alias" });
});

test("aliases and translations, in any width and kana, as their list has them", () => {
    assert.equal(found("sole")[0].alias, "sole_female");
    for (const typed of ["ろんぐ", "ロング", "ﾛﾝｸﾞ"]) assert.equal(found(typed)[0]?.alias, "ロングヘア", typed);
    for (const typed of ["女", "子", "の子"]) assert.equal(tags(typed)[0], "1girl", typed);
    assert.equal(found("ミク")[0].tag, "hatsune_miku");
});

test("one typo from four letters, two from eight, below what fits", () => {
    for (const typed of ["hiar", "hatsnue miku", "hatsunemiku", "hatsne mku", "thighhihg"]) {
        assert.equal(found(typed)[0]?.kind, "typo", typed);
    }
    assert.deepEqual(tags("hxr"), []);
    assert.deepEqual(tags("lnog haor")[0], undefined);
    assert.deepEqual(found("longhair").map(({ kind }) => kind), ["alias", "typo"]);
});

test("signs, marks, escapes, and letters that are not seen", () => {
    assert.equal(tags(">_<")[0], ">_<");
    assert.equal(tags("-_-")[0], "-_-");
    for (const typed of ["pokemon", "pokémon", "poke\u0301mon \\(cre", "po\u200bke\ufeffmon"]) {
        assert.equal(tags(typed)[0], "pokémon_(creature)", typed);
    }
    assert.equal(tags("של")[0], "שלום");
    assert.equal(tags("<b>")[0], "<b>bold</b>");
});

test("nothing where nothing is meant", () => {
    for (const typed of ["", " ", "\u200b", "qqqq", "x".repeat(100_000), "女の人", "\ud800"]) {
        assert.deepEqual(tags(typed).filter((tag) => tag !== "-_-"), [], typed.slice(0, 9));
    }
    assert.deepEqual(found("hair", { limit: 0 }), []);
    assert.deepEqual(search(opened([]), "hair", { limit: 10 }), []);
});

test("what the user uses comes first among its kind, and new use counts at once", () => {
    const uses = new Map([["hair_ornament", 4]]);
    assert.deepEqual(tags("hair", { uses }), ["hair", "hair_ornament", "long_hair", "very_long_hair"]);
    uses.set("hair_ornament", 1).set("very_long_hair", 3).set("no_such_tag", 9).set("", 9);
    assert.deepEqual(tags("hair", { uses }), ["hair", "very_long_hair", "long_hair", "hair_ornament"]);
    assert.equal(tags("hair", { uses, limit: 2 })[1], "very_long_hair");
});

test("a rare tag is no suggestion for a short typo, but for one who uses it", () => {
    const rows = Array.from({ length: 4100 }, (_, number) => ({ tag: `zz${number}zz`, count: 9, category: 0 }));
    const large = opened([...rows, { tag: "saki", count: 1, category: 1 }]);
    assert.deepEqual(search(large, "skai", { limit: 5 }), []);
    const uses = new Map([["saki", 1]]);
    assert.equal(search(large, "skai", { limit: 5, uses })[0].tag, "saki");
});

test("many aliases of one tag leave room for others", () => {
    const aliases = Array.from({ length: 300 }, (_, number) => `smile_${number}`);
    const some = opened(rowsOf([["smile", 9, 0, aliases], ["smiling", 8, 0, []], ["smirk", 7, 0, []]]));
    assert.deepEqual(search(some, "sm", { limit: 3 }).map(({ tag }) => tag), ["smile", "smiling", "smirk"]);
});

test("against a search that looks at every tag", { skip: WITHOUT }, () => {
    const word = check.stringMatching(/^[abct(:éヘ少]{1,6}$/);
    const name = check.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("_"));
    const row = check.record({ tag: name, count: check.nat(3), category: check.constantFrom(0, 1, 3, 4, 5), aliases: check.array(name, { maxLength: 3 }) });
    const typed = check.oneof(name, check.stringMatching(/^[abctxé _-]{1,12}$/), check.string({ unit: "grapheme" }));
    const used = check.array(check.tuple(check.nat(), check.nat(5)), { maxLength: 3 });
    holds(
        check.property(check.array(row, { maxLength: 60 }), typed, check.integer({ min: 1, max: 12 }), used, (some, text, limit, numbers) => {
            const rows = [...new Map(some.map((each) => [each.tag, each])).values()].sort((one, other) => other.count - one.count);
            const uses = new Map(rows.length ? numbers.map(([at, times]) => [rows[at % rows.length].tag, times]) : []);
            const texts = [text, ...rows.slice(0, 3).map(({ tag }) => tag.slice(0, -1)), ...rows.slice(0, 3).map(({ tag }) => `${tag.slice(1)}x`)];
            const [tried, scan] = [opened(rows), new FullScan(rows)];
            for (const each of texts) {
                const expected = scan.search(each, { limit, uses });
                const matches = search(tried, each, { limit, uses });
                assert.deepEqual(matches.map(({ tag }) => tag), expected.map(({ row: meant }) => meant.tag), each);
                assert.deepEqual(matches.map(({ alias }) => alias), expected.map(({ string }) => (string.isName ? null : string.name)), each);
            }
        }),
        RUNS,
    );
});

/** Numbers below others, the same ones again for the same seed. */
function diceOf(seed) {
    let state = seed;
    return (sides) => {
        state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
        return Math.floor((state / 0x80000000) * sides);
    };
}

test("a large list against a search that looks at every tag", { skip: WITHOUT }, () => {
    const syllables = ["ka", "mi", "ru", "to", "han", "shi", "sei", "an"];
    const word = (dice) => Array.from({ length: 1 + dice(3) }, () => syllables[dice(syllables.length)]).join("");
    const name = (dice) => Array.from({ length: 1 + dice(3) }, () => word(dice)).join("_");
    holds(
        check.property(check.nat(), (seed) => {
            const dice = diceOf(seed);
            const names = [...new Set(Array.from({ length: 700 }, () => name(dice)))];
            const rows = names.map((tag, at) => ({ tag, count: names.length - at, category: 0, aliases: dice(4) ? [] : [name(dice)] }));
            const [tried, scan] = [opened(rows), new FullScan(rows)];
            for (let times = 0; times < 12; times++) {
                const meant = names[dice(names.length)];
                const once = mistyped(meant, dice);
                const words = `${word(dice)} ${word(dice)}`;
                for (const typed of [meant.slice(0, 1 + dice(9)), once, mistyped(once, dice), words]) {
                    const expected = scan.search(typed, { limit: 10 }).map(({ row }) => row.tag);
                    const matches = search(tried, typed, { limit: 10 }).map(({ tag }) => tag);
                    assert.deepEqual(matches, expected, typed);
                }
            }
        }),
        Math.ceil(RUNS / 60),
    );
});
