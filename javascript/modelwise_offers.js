// What is offered for what is typed, and what the next letter would bring, looked for before it is typed.
//
// Alone, after a pause, a search takes three times as long as in a row: nothing of it is in the processor's caches.
// So the searches for the letters that may follow are made in a row, while the page has nothing else to do.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const LIMIT = 20;
    const LETTERS = "eaoitnrshldcumpbgfyvwkxzjq _0123456789";
    const MOST = 500; // that are kept
    const SLICE = 2; // milliseconds in a row: a key that is pressed meanwhile waits no longer

    /** What an offer depends on beside the text. @typedef {{ known: Known, index: CompletionIndex | null,
     *      uses: Map<string, number>, negative: boolean }} Grounds */

    /** Offers for tags by the text: those that may be asked for next, and those that were; the last used at the end.
     *  @type {Map<string, Offer>} */
    const kept = new Map();
    /** What they were made for. @type {Grounds | null} */
    let grounds = null;
    /** Which text the letters are added to; null when they have been. @type {Typing | null} */
    let begun = null;
    /** What was offered last. @type {{ typed: string, seen: Suggestion[] }} */
    let latest = { typed: "", seen: [] };

    /** What is offered for a query; made when the query was foreseen, or now. */
    modelwise.offerFor = function (query, known, negative) {
        stand(known, negative);
        if (query.kind !== "tag") return made(query, known, negative);
        const { typed } = query;
        const offer = kept.get(typed) ?? made(query, known, negative);
        kept.delete(typed);
        kept.set(typed, offer);
        latest = { typed, seen: offer.seen };
        return offer;
    };

    /** See what the next letter of a tag would bring, as soon as there is time. */
    modelwise.foreseeOffers = function (query, known, negative) {
        if (query.kind !== "tag") return;
        const isWaiting = begun !== null;
        begun = query;
        stand(known, negative);
        if (!isWaiting) modelwise.whenIdle(foresee);
    };

    function foresee() {
        if (!begun || !grounds) return;
        const { known, negative } = grounds;
        const end = performance.now() + SLICE;
        for (const letter of lettersAfter(begun.typed)) {
            const typed = begun.typed + letter;
            if (kept.has(typed)) continue;
            if (performance.now() > end) return modelwise.whenIdle(foresee);
            kept.set(typed, made({ ...begun, typed }, known, negative));
        }
        begun = null;
        if (kept.size > MOST) forgetOldest();
    }

    /** The letters that may come next, first those with which what is offered goes on. */
    function lettersAfter(/** @type {string} */ typed) {
        const begin = modelwise.plain(typed);
        const names = typed && latest.typed === typed ? latest.seen.flatMap(({ name, alias }) => [name, alias]) : [];
        const likely = names.map(modelwise.plain).flatMap((name) => {
            const at = ` ${name}`.indexOf(` ${begin}`); // a word's begin
            const letter = at < 0 ? "" : name.charAt(at + begin.length);
            return letter === " " ? [" ", "_"] : letter;
        });
        return new Set([...likely.filter(Boolean), ...LETTERS]);
    }

    function forgetOldest() {
        for (const typed of kept.keys()) if (kept.size > MOST / 2) kept.delete(typed);
    }

    /** Forget what was foreseen if it was for another box or other lists. */
    function stand(/** @type {Known} */ known, /** @type {boolean} */ negative) {
        const { index, uses } = modelwise.sources;
        const isSame = grounds?.known === known && grounds.index === index && grounds.uses === uses;
        if (isSame && grounds?.negative === negative) return;
        kept.clear();
        grounds = { known, index, uses, negative };
    }

    /** Forget what was foreseen: the user's own use has changed. */
    modelwise.forgetOffers = () => kept.clear();

    /** @type {(query: Typing, known: Known, negative: boolean) => Offer} */
    function made(query, known, negative) {
        const { index, uses } = modelwise.sources;
        const { typed, prefix } = modelwise.asking(query.typed, known);
        const searches = index !== null && query.kind === "tag" && typed.trim() !== "";
        const matches = searches ? modelwise.search(index, typed, { limit: LIMIT, uses }) : [];
        const others = modelwise.rank(query, known, matches, { negative, prefix, limit: LIMIT });
        const seen = [...modelwise.some(others, modelwise.list.seen)];
        /** @type {Suggestion[] | null} */
        let all = null;
        return { seen, all: () => (all ??= [...seen, ...others]) };
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
