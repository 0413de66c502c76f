// The search of tags for tests and the benchmark: our scripts, an index builder of its own, and a search that looks
// at every tag. Both are written from what docs/completion.md says, the plain way.

"use strict";

const path = require("node:path");

const FOLDER = path.join(__dirname, "..", "..", "..", "javascript");
const SCRIPTS = ["index", "query", "places", "names", "typos", "search"];
for (const name of SCRIPTS) require(path.join(FOLDER, `modelwise_${name}.js`));
const { modelwise } = globalThis;

const WORD_START = /^|(?<=[ _-])(?![ _-])|(?<=[!-,./:-@[-^`{-\x7f])(?<!')(?=[0-9A-Za-z'\x80-\xff])|(?=[\xe3-\xe9\xf0])/g;
/** From each length on, how many of the most popular tags a typo may mean: in whole, in part, with two edits. */
const WHOLES = [[0, 0], [4, 4000], [5, Infinity]];
const PARTS = [[0, 0], [4, 500], [7, 1000], [8, 4000]];
const TWOS = [[0, 0], [8, 2000], [10, 20_000], [12, Infinity]];
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** A text's UTF-8 with a character for each byte, so that places are those of the index. */
const bytesOf = (text) => Buffer.from(text, "utf8").toString("latin1");
const same = (bytes) => bytes.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/[_-]/g, " ");

/** What is searched for a name, and what is shown for it where that is something else. */
function keyOf(name) {
    const [key, written] = [bytesOf(modelwise.fold(name)), bytesOf(name)];
    // eslint-disable-next-line no-control-regex -- a string ends with one
    return same(written) === key ? { key: written, shown: "" } : { key, shown: bytesOf(name.replace(/[\0-\x1f]/g, " ")) };
}

/** A row's strings, the first its name: none twice, none empty; null where the name is. */
function stringsOf({ tag, aliases = [] }) {
    const strings = new Map();
    for (const name of [tag, ...aliases]) {
        const { key, shown } = keyOf(name);
        if (!key && !strings.size) return null;
        if (key && !strings.has(same(key))) strings.set(same(key), { name, key, shown });
    }
    return [...strings.values()];
}

const startsOf = (key) => [...key.matchAll(WORD_START)].map((match) => match.index).filter((at) => at < key.length);

/** The index of rows {tag, category, count, aliases} that are sorted by popularity, as an ArrayBuffer. */
function build(rows) {
    const known = rows.map((row) => ({ row, strings: stringsOf(row) })).filter(({ strings }) => strings);
    let [text, shown] = ["\0", ""];
    const starts = [];
    for (const { strings } of known) {
        for (const [number, string] of strings.entries()) {
            const begin = text.length;
            for (const at of startsOf(string.key)) starts.push({ at: begin + at, isInner: at > 0, rest: same(string.key.slice(at)) });
            text += string.key + String.fromCharCode((number ? 1 : 0) | (string.shown ? 2 : 0));
            if (string.shown) shown += `${string.shown}\0`;
        }
    }
    const order = starts.map((start, number) => ({ ...start, number }));
    const compare = (one, other) => (one < other ? -1 : Number(one > other));
    order.sort((one, other) => compare(one.rest, other.rest) || one.isInner - other.isInner || one.at - other.at);
    return packed(known.map(({ row }) => row), order.map(({ number }) => number), text, shown);
}

function packed(rows, order, text, shown) {
    const body = Buffer.concat([
        Buffer.from(Uint32Array.from(rows, ({ count }) => count).buffer),
        Buffer.from(rows.map(({ category }) => category)),
        ...[0, 8, 16].map((shift) => Buffer.from(order.map((number) => (number >> shift) & 0xff))),
        Buffer.from(text, "latin1"),
        Buffer.from(shown, "latin1"),
    ]);
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    let [sum, both] = [0, 0];
    for (let at = 0; at < padded.length; at += 4) {
        sum = (sum + padded.readUInt32LE(at)) % 2 ** 32;
        both = (both + sum) % 2 ** 32;
    }
    const numbers = [1, sum, both, rows.length, order.length, text.length, shown.length];
    const head = Buffer.concat([Buffer.from("MWINDEX\0"), Buffer.from(Uint32Array.from(numbers).buffer)]);
    return new Uint8Array(Buffer.concat([head, padded])).buffer;
}

/** A search of rows that looks at all of them. */
class FullScan {
    constructor(rows) {
        const known = rows.map((row) => ({ ...row, strings: stringsOf(row) })).filter(({ strings }) => strings);
        this.rows = known.map((row, number) => ({ ...row, number, strings: row.strings.map(spread) }));
    }

    /** The tags in which every word starts one, those whose whole name or alias is typed first. */
    exact(typed) {
        const { whole, words } = queryOf(typed);
        return whole ? this.matches((string) => tierOf(string, whole, words)) : [];
    }

    /** The tags and their tiers, by popularity; the best string of each is told. */
    matches(tierOfString) {
        const found = [];
        for (const row of this.rows) {
            let best = null;
            for (const string of row.strings) {
                const tier = tierOfString(string, row);
                if (tier !== null && (best === null || tier < best.tier)) best = { tier, string };
            }
            if (best) found.push({ row, ...best });
        }
        return found;
    }

    search(typed, { limit, uses = new Map() }) {
        const { whole, words } = queryOf(typed);
        let found = this.exact(typed);
        const among = (most) => (row) => row.number < most || uses.has(row.tag);
        const [wholes, parts, twos] = [WHOLES, PARTS, TWOS].map((steps) => among(steps.findLast(([from]) => whole.length >= from)[1]));
        const edits = found.length < 5 ? oneEdits(whole) : [];
        const oneEdit = (string, row) => oneEditTier(string, whole, edits, wholes(row), parts(row));
        const twoEdits = (string, row) => (twos(row) ? twoEditTier(string, whole, words) : null);
        if (whole && found.length < 5) found = merged(found, this.matches(oneEdit));
        if (whole && !found.length) found = this.matches(twoEdits);
        const weight = ({ row }) => (row.count + 1) * (1 + (uses.get(row.tag) ?? 0)) ** 2;
        found.sort((one, other) => one.tier - other.tier || weight(other) - weight(one) || one.row.number - other.row.number);
        return found.slice(0, limit);
    }
}

function spread({ name, key }, number) {
    const text = same(key);
    return { name, isName: number === 0, text, rests: startsOf(key).map((at) => text.slice(at)) };
}

function queryOf(typed) {
    const whole = bytesOf(modelwise.fold(typed.replace(/\\([\\()[\]])/g, "$1")));
    return { whole, words: whole.trim() ? whole.split(" ") : [whole] };
}

const isPlain = (bytes) => [...bytes].every((byte) => byte < "\x80");

function tierOf({ text, isName, rests }, whole, words) {
    if (text === whole) return isName ? 0 : 1;
    if (!words.every((word) => text.includes(word))) return null;
    return words.every((word) => rests.some((rest) => rest.startsWith(word))) ? 2 : null;
}

function merged(found, more) {
    const rows = new Set(found.map(({ row }) => row));
    return [...found, ...more.filter(({ row }) => !rows.has(row))];
}

/** Every text at one edit, and where the edit is. */
function* editsOf(whole) {
    const signs = [...Array(95).keys()].map((code) => String.fromCharCode(32 + code)).filter((sign) => !/[A-Z_-]/.test(sign));
    for (let at = 0; at < whole.length; at++) {
        const [before, letter, after] = [whole.slice(0, at), whole[at], whole.slice(at + 1)];
        yield [before + after, at];
        if (after && after[0] !== letter) yield [before + after[0] + letter + after.slice(1), at];
        for (const sign of signs.filter((some) => some !== letter)) {
            yield [before + sign + letter + after, at];
            yield [before + sign + after, at];
        }
    }
}

/** The texts that may be meant by a typo, each with what must hold for the tags that have it. */
function oneEdits(whole) {
    if (whole.length < 4 || whole.length > 64 || !isPlain(whole)) return [];
    return [...editsOf(whole)].map(([meant, at]) => ({ meant, at, mustEnd: whole.length < 7 || at > whole.length - 3 }));
}

function oneEditTier({ text, rests }, whole, edits, isWhole, isPart) {
    const fits = (rest, { meant, mustEnd }) =>
        rest.startsWith(meant) && (!mustEnd || rest.length === meant.length || rest[meant.length] === " ");
    let tier = null;
    for (const edit of edits) {
        if (isWhole && text === edit.meant && (edit.at > 0 || whole.length > 5)) return 3;
        if (isPart && (edit.at > 0 || whole.length > 8) && rests.some((rest) => fits(rest, edit))) tier = 4;
    }
    return tier;
}

function twoEditTier({ text, rests }, whole, words) {
    if (whole.length < 8 || whole.length > 64 || !isPlain(whole)) return null;
    if (whole.length < 12 && text[0] !== whole[0]) return null;
    let offset = 0;
    const isAnchored = words.some((word) => {
        const from = offset;
        offset += word.length + 1;
        const anchor = whole.slice(from, from + 4);
        return rests.some((rest) => rest.startsWith(anchor) && Math.abs(text.length - rest.length - from) <= 2);
    });
    return isAnchored && distance(whole, text) <= 2 ? 4 : null;
}

/** How many letters are too much, too few, wrong or exchanged. */
function distance(one, other) {
    const rows = [...Array(one.length + 1)].map((_, at) => [at]);
    for (let at = 0; at <= other.length; at++) rows[0][at] = at;
    for (let row = 1; row <= one.length; row++) {
        for (let at = 1; at <= other.length; at++) {
            const differs = Number(one[row - 1] !== other[at - 1]);
            let least = Math.min(rows[row - 1][at] + 1, rows[row][at - 1] + 1, rows[row - 1][at - 1] + differs);
            const exchanged = row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
            if (exchanged) least = Math.min(least, rows[row - 2][at - 2] + 1);
            rows[row][at] = least;
        }
    }
    return rows[one.length][other.length];
}

/** A text with one letter too much, too few, wrong, or two exchanged. `dice` gives a number below another. */
function mistyped(text, dice) {
    const at = dice(text.length);
    const letter = LETTERS[dice(LETTERS.length)];
    const [before, here, after] = [text.slice(0, at), text[at], text.slice(at + 1)];
    const kinds = [before + after, before + letter + here + after, before + letter + after];
    if (after) kinds.push(before + after[0] + here + after.slice(1));
    return kinds[dice(kinds.length)];
}

module.exports = { modelwise, build, FullScan, distance, mistyped };
