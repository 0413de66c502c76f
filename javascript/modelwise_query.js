// What is typed, as a search needs it: the same letters as the index has, and the words one by one.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const LONGEST = 500;
    const ESCAPED = /\\([\\()[\]])/g;
    const SEPARATORS = /[\t-\r \x85\u1680\u2028\u2029_-]+/g;
    const MARKS = /[\u0300-\u036f]/g;
    const INVISIBLE =
        // eslint-disable-next-line no-control-regex, no-misleading-character-class -- what must not be searched for
        /[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]/g;
    const KATAKANA = /[\u30a1-\u30f6]/g;
    const KANA = 0x60;

    /** The form in which spellings of the same words do not differ, as `folded` in modelwise/completion.py. */
    modelwise.fold = function (text) {
        const plain = text.replace(INVISIBLE, "").normalize("NFKD").replace(MARKS, "").normalize("NFC");
        const spaced = plain.replace(SEPARATORS, " ").toLowerCase();
        const kana = spaced.replace(KATAKANA, (sign) => String.fromCharCode(sign.charCodeAt(0) - KANA));
        return kana.replace(/^ +| +$/g, "") || kana;
    };

    /** What is typed, as bytes: all of it, and word by word; nothing where no tag can be meant. */
    modelwise.queryOf = function (typed) {
        const text = typed.length > LONGEST ? "" : modelwise.fold(typed.replace(ESCAPED, "$1"));
        const bytes = new TextEncoder().encode(text);
        const words = text.trim() ? text.split(" ").map((word) => new TextEncoder().encode(word)) : [bytes];
        return { bytes, words, isPlain: bytes.every((byte) => byte < 0x80) };
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
