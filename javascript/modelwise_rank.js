// What is suggested and in which order: the model's own words, names of the host's, then tags by the index.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const MOST_SPECIALS = 4; // in front of the tags; the others of a model can be had by typing more
    const MOST_NAMES = 3;
    const MOST_FOUND = 50;
    const SHORT_TAG = 3; // captions keep the underscores of tags up to this length
    const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
    const ASCII = /^[ -[\]-~]*$/; // and no backslash
    const SIMPLE = /^[!-[\]^`-~]+(?:[ _][!-[\]^`-~]+)*$/;
    /** @typedef {Match & { key: string }} Tagged A match with its tag in normal form */
    /** @typedef {(name: string) => boolean} Fits Whether a word of a name in normal form begins as typed */

    /** @type {Record<number, string>} */
    const CATEGORIES = { 0: "general", 1: "artist", 3: "series", 4: "character", 5: "meta" };
    /** @type {Spelling} */
    const PLAIN = { underscores: "spaces", parentheses: "escape", case: "keep", artist_prefix: null };
    /** @type {Suggestion} */
    const NOTHING = {
        kind: "tag",
        look: "general",
        name: "",
        text: "",
        alias: "",
        count: null,
        slot: "",
        says: "",
        model: "",
        used: "",
    };

    /** What is typed without what the index does not know: invisible characters and escapes. */
    modelwise.readable = function (typed) {
        if (ASCII.test(typed)) return typed;
        return typed.normalize("NFKC").replace(INVISIBLE, "").replace(/\\([()[\]\\])/g, "$1");
    };

    /** The form in which spaces and underscores, case and escapes do not differ. */
    modelwise.normalForm = function (text) {
        if (SIMPLE.test(text)) return text.replaceAll("_", " ").toLowerCase(); // of thousands of names most are so
        return modelwise.readable(text).replace(/[_\s]+/g, " ").trim().toLowerCase();
    };

    /** What the server knows, ready for look-ups. */
    modelwise.prepared = function (data) {
        const keyed = (/** @type {string[]} */ names) => names.map((name) => ({ name, key: modelwise.normalForm(name) }));
        const networks = Object.entries(data.networks).map(([kind, names]) => ({ kind, names: keyed(names) }));
        return {
            spelling: data.spelling ?? PLAIN,
            prefixes: [...data.prefixes].sort((one, other) => other.length - one.length),
            slots: new Set(data.slots),
            everyday: new Set(data.everyday),
            specials: data.specials.map((special) => ({ ...special, key: modelwise.normalForm(special.tag) })),
            own: new Set(data.specials.map((special) => modelwise.normalForm(special.tag))),
            foreign: new Map(Object.entries(data.foreign)),
            networks,
            embeddings: keyed(data.embeddings),
            wildcards: keyed(data.wildcards),
            styles: data.styles.map((style) => ({ ...style, key: modelwise.normalForm(style.name) })),
        };
    };

    /** What the index is asked for: an artist's prefix is no part of the name. */
    modelwise.asking = function (typed, known) {
        const text = modelwise.readable(typed);
        const lower = text.toLowerCase();
        const prefix = known.prefixes.find((each) => each && lower.startsWith(each)) ?? "";
        return { typed: text.slice(prefix.length), prefix: text.slice(0, prefix.length) };
    };

    /** Matches with their tags in normal form. Each is read once, when it is asked for. */
    class Tags {
        constructor(/** @type {Iterable<Match>} */ matches) {
            this.left = matches[Symbol.iterator]();
            /** @type {Tagged[]} */
            this.read = [];
        }

        *[Symbol.iterator]() {
            for (let at = 0; ; at += 1) {
                const next = at < this.read.length ? null : this.left.next();
                if (next?.done) return;
                if (next) this.read.push({ ...next.value, key: modelwise.normalForm(next.value.tag) });
                yield /** @type {Tagged} */ (this.read[at]);
            }
        }
    }

    /** Up to so many of what is left; the others stay there. */
    modelwise.some = function* (left, count) {
        for (let given = 0; given < count; given += 1) {
            const next = left.next();
            if (next.done) return;
            yield next.value;
        }
    };

    /** The suggestions for a query, best first. Each is made when it is asked for: most of them are never seen. */
    modelwise.rank = function* (query, known, matches, { negative, prefix, limit }) {
        const key = modelwise.normalForm(query.typed);
        if (query.kind === "network") return yield* ofNetworks(query, known, key).slice(0, limit);
        if (query.kind === "wildcard") return yield* named(known.wildcards, key, "wildcard").slice(0, limit);
        if (prefix) return yield* ofArtists(matches, known, prefix);
        const fits = fitting(key);
        const tags = new Tags(matches);
        const { wanted, unwanted } = specials(known, fits, key, negative, tags);
        if (!key) return yield* wanted.slice(0, limit);
        const names = [...named(known.embeddings, key, "embedding"), ...ofStyles(known, fits, negative)];
        const near = names.filter((each) => modelwise.normalForm(each.name).startsWith(key)).slice(0, MOST_NAMES);
        const first = ofTags([...wanted.slice(0, MOST_SPECIALS), ...near], tags, known);
        const half = Math.floor(limit / 2);
        let given = 0;
        for (const each of modelwise.some(first, half)) {
            given += 1;
            yield each;
        }
        const far = names.filter((each) => !near.includes(each)).slice(0, MOST_NAMES);
        const last = [...far, ...wanted.slice(MOST_SPECIALS), ...unwanted, ...ofOthers(known, fits, tags)];
        const between = modelwise.some(first, half - last.length);
        yield* [...between, ...last].slice(0, limit - given);
    };

    /** @type {(matches: Iterable<Match>, known: Known, prefix: string) => Generator<Suggestion, void>} */
    function* ofArtists(matches, known, prefix) {
        for (const match of new Tags(matches)) {
            if (CATEGORIES[match.category] === "artist") yield fromMatch(match, known, prefix);
        }
    }

    /** Suggestions, then the tags that are no words of the model's own.
     *  @type {(first: Suggestion[], tags: Tags, known: Known) => Generator<Suggestion, void>} */
    function* ofTags(first, tags, known) {
        yield* first;
        for (const match of tags) if (!known.own.has(match.key)) yield fromMatch(match, known, "");
    }

    /** The model's own words: those for this box, and those for the other.
     *  @type {(known: Known, fits: Fits, key: string, negative: boolean, tags: Tags) =>
     *      Record<"wanted" | "unwanted", Suggestion[]>} */
    function specials(known, fits, key, negative, tags) {
        const found = known.specials.filter((special) => fits(special.key));
        if (!found.length) return { wanted: [], unwanted: [] };
        found.sort((one, other) => Number(!one.key.startsWith(key)) - Number(!other.key.startsWith(key)));
        const counts = new Map(Array.from(tags, (match) => [match.key, match.count]));
        const suggestions = (/** @type {boolean} */ low) =>
            found
                .filter((special) => special.low === low)
                .map(({ tag, slot, says, key: word }) => {
                    const count = counts.get(word) || null;
                    return { ...NOTHING, look: "special", name: tag, text: tag, slot, says, count, used: tag };
                });
        return { wanted: suggestions(negative), unwanted: suggestions(!negative) };
    }

    /** A tag as the model's captions spell it, with brackets that the WebUI reads as characters. */
    modelwise.spelled = function (name, spelling) {
        const spaced = spelling.underscores === "spaces" && name.length > SHORT_TAG;
        const text = spaced ? name.replace(/[_\s]+/g, " ").trim() : name;
        const cased = spelling.case === "lower" ? text.toLowerCase() : text;
        return spelling.parentheses === "escape" ? escaped(cased) : cased;
    };

    function escaped(/** @type {string} */ text) {
        return text.replace(/[()[\]]/g, "\\$&");
    }

    /** @type {(typed: string) => Fits} */
    function fitting(typed) {
        const inside = ` ${typed}`;
        return (name) => name.startsWith(typed) || name.includes(inside);
    }

    /** @type {(match: Tagged, known: Known, prefix: string) => Suggestion} */
    function fromMatch({ tag, alias, category, count, key }, known, prefix) {
        const look = CATEGORIES[category] ?? "general";
        const lead = look === "artist" ? (known.spelling.artist_prefix ?? prefix) : "";
        return {
            ...NOTHING,
            look,
            name: modelwise.spelled(tag, { ...known.spelling, parentheses: "keep" }),
            text: lead + modelwise.spelled(tag, known.spelling),
            alias: alias ?? "",
            count: count || null,
            slot: slotOf(known, known.everyday.has(key) && !lead ? "general" : look),
            model: known.foreign.get(key) ?? "",
            used: tag,
        };
    }

    /** Where a tag goes; nowhere in a model that moves nothing. */
    function slotOf(/** @type {Known} */ { slots }, /** @type {string} */ slot) {
        if (!slots.size) return "";
        return slots.has(slot) ? slot : "general";
    }

    /** Special words of other models.
     *  @type {(known: Known, fits: Fits, tags: Tags) => Suggestion[]} */
    function ofOthers(known, fits, tags) {
        const shown = new Set(Array.from(tags, (each) => each.key).filter((key) => !known.own.has(key)));
        return [...known.foreign]
            .filter(([word]) => fits(word) && !shown.has(word))
            .slice(0, MOST_NAMES)
            .map(([word, model]) => ({ ...NOTHING, look: "foreign", name: word, text: word, model, used: word }));
    }

    /** Names that begin with what was typed, then those with such a word, then those that hold it.
     *  @type {(names: Keyed[], typed: string, kind: Suggestion["kind"]) => Suggestion[]} */
    function named(names, typed, kind) {
        const fits = fitting(typed);
        /** @type {Keyed[][]} */
        const groups = [[], [], []];
        for (const each of names) {
            const at = each.key.indexOf(typed);
            if (at >= 0) groups[at === 0 ? 0 : fits(each.key) ? 1 : 2]?.push(each);
        }
        const text = (/** @type {string} */ name) => (kind === "embedding" ? escaped(name) : name);
        const found = groups.flat().slice(0, MOST_FOUND);
        return found.map(({ name }) => ({ ...NOTHING, kind, look: kind, name, text: text(name), says: kind }));
    }

    /** @type {(query: Typing, known: Known, key: string) => Suggestion[]} */
    function ofNetworks(query, known, key) {
        const wanted = query.network.toLowerCase();
        return known.networks
            .filter(({ kind }) => !wanted || kind === wanted)
            .flatMap(({ kind, names }) =>
                named(names, key, "network").map((each) => ({ ...each, text: `<${kind}:${each.name}`, says: kind })),
            );
    }

    /** A style's own text for the box, without the place that it keeps for the prompt.
     *  @type {(known: Known, fits: Fits, negative: boolean) => Suggestion[]} */
    function ofStyles(known, fits, negative) {
        return known.styles
            .filter((style) => fits(style.key))
            .map(({ name, ...style }) => ({ name, text: styleText(negative ? style.negative : style.prompt) }))
            .filter(({ text }) => text)
            .map(({ name, text }) => ({ ...NOTHING, kind: "style", look: "style", name, text, says: "style" }));
    }

    function styleText(/** @type {string} */ text) {
        const parts = text.split("{prompt}").map((part) => part.replace(/^[,\s]+|[,\s]+$/g, ""));
        return parts.filter(Boolean).join(", ");
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
