// Whether a tag stands in the prompt already, beside the one that is being typed.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const MOST_LOOKS = 50; // a short tag may stand inside many others
    const BORDERS = /[,，、\n()[\]{}|:<>]/;

    /** A question about a text: whether it holds a tag. The answers are remembered while the tag is typed. */
    modelwise.presence = function (text, query) {
        /** @type {Map<string, boolean>} */
        const answers = new Map();
        /** @type {string | undefined} */
        let others;
        return (tag) => {
            others ??= modelwise.plain(`${text.slice(0, query.start)},${text.slice(query.end)}`);
            const found = answers.get(tag) ?? holds(others, modelwise.plain(tag));
            answers.set(tag, found);
            return found;
        };
    };

    /** A text in which spellings of a tag do not differ; its spaces stay, at the ends too. */
    modelwise.plain = function (text) {
        return text.replaceAll("\\", "").replaceAll("_", " ").toLowerCase();
    };

    function holds(/** @type {string} */ text, /** @type {string} */ tag) {
        for (let look = 0, at = text.indexOf(tag); at >= 0 && look < MOST_LOOKS; look += 1) {
            const end = at + tag.length;
            if (isBorder(text, at - 1, -1) && isBorder(text, end, 1)) return true;
            at = text.indexOf(tag, end);
        }
        return false;
    }

    /** Whether the next character in a direction that is no space ends a tag. */
    function isBorder(/** @type {string} */ text, /** @type {number} */ from, /** @type {1 | -1} */ step) {
        let at = from;
        while (text[at] === " ") at += step;
        const found = text[at];
        return found === undefined || BORDERS.test(found);
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
