// The search: which tags are meant by what is typed, ranked by the kind of match, then by popularity and the
// user's own use.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** Kinds of match, the best first; 1 is an alias that is typed in whole. */
    const [NAME, STARTS, WHOLE_TYPO, TYPO] = [0, 2, 3, 4];
    /** With fewer matches than this, what is typed may hold a typo. */
    const FEW = 5;

    /** The matches, best first; the text of each is read once it is asked for. */
    modelwise.search = function* (index, typed, { limit, uses }) {
        const query = modelwise.queryOf(typed);
        if (!query.bytes.length || limit < 1) return;
        const used = uses?.size ? modelwise.usedOf(index, uses) : null;
        /** @type {Search} */
        const search = { index, query, limit, used, found: new Map() };
        findWhole(search, modelwise.startingWith(index, query.bytes), query.bytes.length, NAME, Infinity);
        findWords(search);
        if (search.found.size < FEW) findTypos(search);
        for (const found of ranked(search)) yield matchOf(search, found);
    };

    /** Names and aliases that are typed from begin to end: their range begins with them. */
    function findWhole(
        /** @type {Search} */ search,
        /** @type {Starts | null} */ range,
        /** @type {number} */ length,
        /** @type {number} */ tier,
        /** @type {number} */ most,
    ) {
        const { text, order } = search.index;
        for (let at = range?.low ?? 0; at < (range?.high ?? 0); at++) {
            const place = /** @type {number} */ (order[at]);
            const end = /** @type {number} */ (text[place + length]);
            if (end >= 0x20 || /** @type {number} */ (text[place - 1]) >= 0x20) break;
            add(search, place, tier + (tier === NAME ? end & 1 : 0), most);
        }
    }

    /** Note the tag at a place. `most`: only one of so many, the most popular, or one that the user has used. */
    function add(
        /** @type {Search} */ { index, used, found },
        /** @type {number} */ place,
        /** @type {number} */ tier,
        /** @type {number} */ most,
    ) {
        const row = modelwise.rowAt(index, place);
        const known = found.get(row);
        const isBetter = known ? tier < known.tier || (tier === known.tier && place < known.place) : true;
        if (isBetter && (row < most || used?.tags.has(row))) found.set(row, { row, place, tier });
    }

    /** Tags in which every typed word starts a word. */
    function findWords(/** @type {Search} */ search) {
        const { index, query } = search;
        const ranges = query.words.map((word) => ({ word, range: modelwise.startingWith(index, word) }));
        ranges.sort((one, other) => sizeOf(one.range) - sizeOf(other.range));
        const [first, ...others] = ranges;
        if (!first?.range) return;
        const { text } = index;
        const keeps = (/** @type {number} */ place) => {
            const begin = modelwise.beginOf(text, place);
            return others.every(({ word }) => modelwise.wordIn(text, begin, word) > 0);
        };
        take(search, [first.range], STARTS, Infinity, others.length ? keeps : null);
    }

    function sizeOf(/** @type {Starts | null} */ range) {
        return range ? range.high - range.low : 0;
    }

    function findTypos(/** @type {Search} */ search) {
        const { index, query } = search;
        const { ranges, wholes, most, mostWhole } = modelwise.oneEdit(index, query);
        for (const { range, length } of wholes) findWhole(search, range, length, WHOLE_TYPO, mostWhole);
        take(search, ranges, TYPO, most, null);
        if (search.found.size) return;
        const two = modelwise.twoEdits(index, query);
        for (const place of two.places) add(search, place, TYPO, two.most);
    }

    /** Add the best of ranges, and all of them that the user has used. */
    function take(
        /** @type {Search} */ search,
        /** @type {Starts[]} */ ranges,
        /** @type {number} */ tier,
        /** @type {number} */ most,
        /** @type {((place: number) => boolean) | null} */ keeps,
    ) {
        const { index, limit, used } = search;
        for (const place of modelwise.bestPlaces(index, ranges, limit, keeps)) add(search, place, tier, most);
        for (const place of used ? modelwise.usedPlaces(index, used, ranges) : []) {
            if (!keeps || keeps(place)) add(search, place, tier, most);
        }
    }

    /** The best matches. Three uses of a tag lift it as sixteen times its posts would. */
    function ranked(/** @type {Search} */ { index, limit, used, found }) {
        const weighed = [...found.values()].map((each) => {
            const tag = used?.tags.get(each.row);
            const own = tag === undefined ? 0 : (used?.uses.get(tag) ?? 0);
            return { ...each, weight: (/** @type {number} */ (index.counts[each.row]) + 1) * (1 + own) ** 2 };
        });
        weighed.sort((one, other) => one.tier - other.tier || other.weight - one.weight || one.row - other.row);
        return weighed.slice(0, limit);
    }

    /** @returns {Match} */
    function matchOf(/** @type {Search} */ search, /** @type {Found} */ found) {
        const { index } = search;
        const begin = modelwise.beginOf(index.text, found.place);
        const isName = begin === index.rows[found.row];
        return {
            tag: modelwise.tagOf(index, found.row),
            alias: isName ? null : modelwise.stringAt(index, begin),
            category: /** @type {number} */ (index.categories[found.row]),
            count: /** @type {number} */ (index.counts[found.row]),
            kind: kindOf(search, found, begin, isName),
            row: found.row,
        };
    }

    /** @returns {Match["kind"]} */
    function kindOf(
        /** @type {Search} */ { index, query },
        /** @type {Found} */ found,
        /** @type {number} */ begin,
        /** @type {boolean} */ isName,
    ) {
        if (found.tier >= WHOLE_TYPO) return "typo";
        if (!isName) return "alias";
        if (found.tier === NAME) return "exact";
        const place = modelwise.wordIn(index.text, begin, query.bytes);
        if (place === begin) return "prefix";
        return place ? "word" : "words";
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
