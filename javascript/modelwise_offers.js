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

    /** The offers that may be asked for next, by the text. @type {Map<string, Offer>} */
    const next = new Map();
    /** What they were made for. @type {Grounds | null} */
    let grounds = null;
    /** Which text the letters are added to; null when they have been. @type {Typing | null} */
    let begun = null;

    /** What is offered for a query; made when the query was foreseen, or now. */
    modelwise.offerFor = function (query, known, negative) {
        stand(known, negative);
        const foreseen = query.kind === "tag" ? next.get(query.typed) : undefined;
        next.delete(query.typed); // its list grows while it is shown
        return foreseen ?? made(query, known, negative);
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
        for (const letter of LETTERS) {
            const typed = begun.typed + letter;
            if (next.has(typed)) continue;
            if (performance.now() > end) return modelwise.whenIdle(foresee);
            next.set(typed, made({ ...begun, typed }, known, negative));
        }
        begun = null;
        if (next.size > MOST) forgetOldest();
    }

    function forgetOldest() {
        for (const typed of next.keys()) if (next.size > MOST / 2) next.delete(typed);
    }

    /** Forget what was foreseen if it was for another box or other lists. */
    function stand(/** @type {Known} */ known, /** @type {boolean} */ negative) {
        const { index, uses } = modelwise.sources;
        const isSame = grounds?.known === known && grounds.index === index && grounds.uses === uses;
        if (isSame && grounds?.negative === negative) return;
        next.clear();
        grounds = { known, index, uses, negative };
    }

    /** Forget what was foreseen: the user's own use has changed. */
    modelwise.forgetOffers = () => next.clear();

    /** @type {(query: Typing, known: Known, negative: boolean) => Offer} */
    function made(query, known, negative) {
        const { index, uses } = modelwise.sources;
        const { typed, prefix } = modelwise.asking(query.typed, known);
        const searches = index !== null && query.kind === "tag" && typed.trim() !== "";
        const matches = searches ? modelwise.search(index, typed, { limit: LIMIT, uses }) : [];
        const others = modelwise.rank(query, known, matches, { negative, prefix, limit: LIMIT });
        return { suggestions: [...modelwise.some(others, modelwise.list.seen)], others };
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
