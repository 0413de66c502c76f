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
    const SPACE = 0x20;
    /** @type {TextEncoder | undefined} */
    let encoder;

    /** Words of ASCII: most of what is typed, and folded by a change of case alone. */
    const SIMPLE = /^[!-,.-^`-~]+(?: [!-,.-^`-~]+)*$/;

    /** The form in which spellings of the same words do not differ, as `folded` in modelwise/completion.py. */
    modelwise.fold = function (text) {
        const trimmed = text.trim();
        if (SIMPLE.test(trimmed)) return trimmed.toLowerCase();
        const plain = text.replace(INVISIBLE, "").normalize("NFKD").replace(MARKS, "").normalize("NFC");
        const spaced = plain.replace(SEPARATORS, " ").toLowerCase();
        const kana = spaced.replace(KATAKANA, (sign) => String.fromCharCode(sign.charCodeAt(0) - KANA));
        return kana.replace(/^ +| +$/g, "") || kana;
    };

    /** What is typed, as bytes: all of it, and word by word; nothing where no tag can be meant. */
    modelwise.queryOf = function (typed) {
        const text = typed.length > LONGEST ? "" : modelwise.fold(typed.replace(ESCAPED, "$1"));
        encoder ??= new TextEncoder();
        const bytes = encoder.encode(text);
        const isPlain = bytes.length === text.length;
        return { bytes, words: text.trim() ? wordsOf(bytes) : [bytes], isPlain };
    };

    function wordsOf(/** @type {Uint8Array} */ bytes) {
        const words = [];
        let from = 0;
        for (let end = bytes.indexOf(SPACE); end >= 0; end = bytes.indexOf(SPACE, from)) {
            words.push(bytes.subarray(from, end));
            from = end + 1;
        }
        words.push(bytes.subarray(from));
        return words;
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
