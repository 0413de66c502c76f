// What is suggested and in which order: the model's own words, names of the host's, then tags by the index.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const MOST_SPECIALS = 4; // in front of the tags; the others of a model can be had by typing more
    const MOST_NAMES = 3;
    const SHORT_TAG = 3; // captions keep the underscores of tags up to this length
    const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
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
        return typed.normalize("NFKC").replace(INVISIBLE, "").replace(/\\([()[\]\\])/g, "$1");
    };

    /** The form in which spaces and underscores, case and escapes do not differ. */
    modelwise.normalForm = function (text) {
        return modelwise.readable(text).replace(/[_\s]+/g, " ").trim().toLowerCase();
    };

    /** What the server knows, ready for look-ups. */
    modelwise.prepared = function (data) {
        const keyed = (/** @type {string[]} */ names) => names.map((name) => ({ name, key: modelwise.normalForm(name) }));
        const networks = Object.entries(data.networks).map(([kind, names]) => ({ kind, names: keyed(names) }));
        return {
            profile: data.profile,
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

    /** The suggestions for a query, best first. */
    modelwise.rank = function (query, known, matches, { negative = false, limit = 20, prefix = "" } = {}) {
        if (query.kind === "network") return networks(query, known, limit);
        const key = modelwise.normalForm(query.typed);
        if (query.kind === "wildcard") return named(known.wildcards, key, limit, "wildcard");
        const specials = prefix ? [] : known.specials.filter((special) => matched(special.key, key));
        const order = (/** @type {KnownSpecial} */ special) => Number(!special.key.startsWith(key));
        const fitting = specials.filter((special) => special.low === negative).sort((a, b) => order(a) - order(b));
        const other = specials.filter((special) => special.low !== negative);
        const first = fitting.slice(0, key ? MOST_SPECIALS : limit);
        if (!key) return first.map(fromSpecial);
        const names = prefix ? [] : [...named(known.embeddings, key, MOST_NAMES, "embedding"), ...styles(known, key, negative)];
        const counts = new Map(matches.map((match) => [modelwise.normalForm(match.tag), match.count]));
        const counted = (/** @type {KnownSpecial} */ special) => ({
            ...fromSpecial(special),
            count: counts.get(special.key) ?? null,
        });
        const tags = matches
            .filter((match) => !known.own.has(modelwise.normalForm(match.tag)) && (!prefix || match.category === 1))
            .map((match) => fromMatch(match, known, prefix));
        const exact = names.filter((each) => modelwise.normalForm(each.name).startsWith(key));
        const inexact = names.filter((each) => !exact.includes(each));
        const rest = [...other, ...fitting.slice(MOST_SPECIALS)].map(counted);
        const ends = [...inexact, ...rest, ...strangers(known, key, tags, prefix)];
        const room = Math.max(limit - ends.length, Math.ceil(limit / 2));
        return [...first.map(counted), ...exact, ...tags].slice(0, room).concat(ends).slice(0, limit);
    };

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

    /** Whether a word of a name begins with what was typed. */
    function matched(/** @type {string} */ key, /** @type {string} */ typed) {
        return key.startsWith(typed) || key.includes(` ${typed}`);
    }

    /** @type {(special: KnownSpecial) => Suggestion} */
    function fromSpecial({ tag, slot, says }) {
        return { ...NOTHING, look: "special", name: tag, text: tag, slot, says, used: tag };
    }

    /** @type {(match: Match, known: Known, prefix: string) => Suggestion} */
    function fromMatch({ tag, alias, category, count }, known, prefix) {
        const key = modelwise.normalForm(tag);
        const look = CATEGORIES[category] ?? "general";
        const { spelling } = known;
        const lead = look === "artist" ? (spelling.artist_prefix ?? prefix) : "";
        const goes = known.everyday.has(key) && !lead ? "general" : look;
        return {
            ...NOTHING,
            look,
            name: modelwise.spelled(tag, { ...spelling, parentheses: "keep" }),
            text: lead + modelwise.spelled(tag, spelling),
            alias: alias ?? "",
            count,
            slot: known.slots.size ? (known.slots.has(goes) ? goes : "general") : "",
            model: known.foreign.get(key) ?? "",
            used: tag,
        };
    }

    /** Special words of other models.
     *  @type {(known: Known, key: string, tags: Suggestion[], prefix: string) => Suggestion[]} */
    function strangers(known, key, tags, prefix) {
        if (prefix) return [];
        const shown = new Set(tags.map((each) => modelwise.normalForm(each.name)));
        const found = [...known.foreign].filter(([word]) => matched(word, key) && !shown.has(word));
        return found
            .slice(0, MOST_NAMES)
            .map(([word, model]) => ({ ...NOTHING, look: "foreign", name: word, text: word, model, used: word }));
    }

    /** Names that begin with what was typed, then those with such a word, then those that hold it.
     *  @type {(names: Keyed[], typed: string, limit: number, kind: Suggestion["kind"]) => Suggestion[]} */
    function named(names, typed, limit, kind) {
        /** @type {Keyed[][]} */
        const groups = [[], [], []];
        for (const each of names) {
            const at = each.key.indexOf(typed);
            if (at >= 0) groups[at === 0 ? 0 : matched(each.key, typed) ? 1 : 2]?.push(each);
        }
        const text = (/** @type {string} */ name) => (kind === "embedding" ? escaped(name) : name);
        return groups
            .flat()
            .slice(0, limit)
            .map(({ name }) => ({ ...NOTHING, kind, look: kind, name, text: text(name), says: kind }));
    }

    /** @type {(query: Query, known: Known, limit: number) => Suggestion[]} */
    function networks(query, known, limit) {
        const wanted = known.networks.filter(({ kind }) => !query.network || kind === query.network.toLowerCase());
        const key = modelwise.normalForm(query.typed);
        const found = wanted.flatMap(({ kind, names }) =>
            named(names, key, limit, "network").map((each) => ({ ...each, text: `<${kind}:${each.name}`, says: kind })),
        );
        return found.slice(0, limit);
    }

    /** A style's own text for the box, without the place that it keeps for the prompt.
     *  @type {(known: Known, key: string, negative: boolean) => Suggestion[]} */
    function styles(known, key, negative) {
        return known.styles
            .filter((style) => matched(style.key, key))
            .map((style) => ({ ...NOTHING, name: style.name, text: styleText(negative ? style.negative : style.prompt) }))
            .filter((each) => each.text)
            .slice(0, MOST_NAMES)
            .map((each) => ({ ...each, kind: "style", look: "style", says: "style" }));
    }

    function styleText(/** @type {string} */ text) {
        return text
            .split("{prompt}")
            .map((part) => part.replace(/^[,\s]+|[,\s]+$/g, ""))
            .filter(Boolean)
            .join(", ");
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
