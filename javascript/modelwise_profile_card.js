// A profile as a card to read: what the model's card says, and where each thing stands there.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const RANKED = ["quality", "score", "aesthetic"];
    const LARGEST = 4.5; // rem, of the longest side of all drawn sizes
    /** @type {Record<string, string>} */
    const BASES = {
        stated: "stated",
        example: "from an example",
        training: "from the training code",
        related: "from a related card",
        third_party: "from others",
    };

    const make = (/** @type {Parameters<Modelwise["element"]>} */ ...given) => modelwise.element(...given);
    const list = (/** @type {(string | Node)[]} */ lines) =>
        make("ul", "", lines.map((line) => make("li", "", line)));

    /** All parts of a card. */
    modelwise.profileCard = function (profile) {
        const { vocabulary: words, settings } = profile;
        const lists = ["subject", "quality", "score", "aesthetic", "meta", "custom", "extra"];
        return [
            facts(profile),
            ...part(profile, "Order", profile.order, order),
            ...lists.flatMap((name) => part(profile, `Words: ${name}`, words[name], (found) => wordList(name, found))),
            ...part(profile, "Ratings", words.rating, ratings),
            ...part(profile, "Years", words.year, years),
            ...added(profile),
            ...settingsPart(profile),
            ...part(profile, "Sizes", settings.sizes, sizes),
            ...profile.scores.flatMap((each) => part(profile, `Scorer: ${each.model}`, each, thresholds)),
            ...section("Presets", profile.presets.length ? [list(profile.presets.map(presetText))] : []),
            ...section("Limits", profile.limits.length ? [list(profile.limits.map(({ text }) => text))] : []),
            ...section("Examples", profile.examples.map(example)),
            ...section("Sources", links(profile.sources)),
            ...section("Licences", links(profile.licences)),
            ...section("Related", links(profile.related)),
            ...section("Recognised by", recognised(profile.match)),
        ];
    };

    function section(/** @type {string} */ title, /** @type {(Node | string)[]} */ nodes) {
        return nodes.length ? [make("section", "", [make("h4", "", title), ...nodes], { "aria-label": title })] : [];
    }

    /** A part that states something, with its basis and a link to where it stands. */
    function part(
        /** @type {Profile} */ profile,
        /** @type {string} */ title,
        /** @type {any} */ stated,
        /** @type {(stated: any) => Node[]} */ show,
    ) {
        return stated ? section(title, [...show(stated), basis(profile, stated)]) : [];
    }

    function basis(/** @type {Profile} */ profile, /** @type {Sourced} */ { basis: kind, source }) {
        const found = profile.sources.find(({ id }) => id === source);
        const words = BASES[kind] ?? kind;
        return make("small", "modelwise-basis", [`${words}: `, found ? modelwise.link(found.name, found.url) : source]);
    }

    function facts(/** @type {Profile} */ profile) {
        const found = {
            Id: profile.id,
            Version: String(profile.version),
            Family: profile.family,
            Extends: profile.extends ?? "",
            Architecture: profile.architecture,
            Prediction: profile.prediction ?? "",
            Captions: profile.captions ?? "",
            "Runs in": profile.hosts.join(", "),
            "Knows until": profile.knowledge_cutoff ?? "",
        };
        const pairs = Object.entries(found).filter(([, value]) => value);
        return make("dl", "", pairs.flatMap(([name, value]) => [make("dt", "", name), make("dd", "", value)]));
    }

    /** Blocks front to back. */
    function blocks(/** @type {(string | string[])[]} */ slots) {
        const chips = slots.map((block) => {
            const names = [block].flat();
            return make("li", "modelwise-chip", names.join(" + "), { "data-slot": names[0] ?? "" });
        });
        return make("div", "modelwise-preview", [make("ol", "modelwise-chips", chips)]);
    }

    function order(/** @type {{ slots: (string | string[])[], accepted: (string | string[])[][] }} */ found) {
        const others = found.accepted.flatMap((slots) => [make("p", "", "Accepted too:"), blocks(slots)]);
        return [blocks(found.slots), ...others];
    }

    function wordList(/** @type {string} */ name, /** @type {{ words: Word[] }} */ { words }) {
        const more = words.some((word) => word.criterion || word.count !== null);
        if (!more && !RANKED.includes(name)) return [make("p", "", words.map(({ tag }) => tag).join(", "))];
        const head = ["Rank", "Tag", "Criterion", "Images", "Use"];
        const rows = words.map(({ tag, criterion, count, low }, at) => [
            String(at + 1),
            tag,
            criterion,
            count === null ? "" : count.toLocaleString("en"),
            low ? "in the negative" : "",
        ]);
        return [filledTable(head, rows)];
    }

    /** A table without the columns in which nothing stands. */
    function filledTable(/** @type {string[]} */ head, /** @type {string[][]} */ rows) {
        const kept = (/** @type {string[]} */ row) => row.filter((_, at) => rows.some((each) => each[at]));
        return modelwise.table("", kept(head), rows.map(kept));
    }

    function ratings(/** @type {Record<string, any>} */ found) {
        const names = ["general", "sensitive", "questionable", "explicit"].filter((name) => found[name].length);
        const counted = (/** @type {string} */ name) => found.counts[name] ?? found.counts[found[name].join(" ")];
        const rows = names.map((name) => [name, found[name].join(", "), counted(name)?.toLocaleString("en") ?? ""]);
        return [filledTable(["Rating", "Tags", "Images"], rows)];
    }

    function years(/** @type {any} */ { eras, prefix, first, last }) {
        if (prefix) return [make("p", "", `${prefix}${first} to ${prefix}${last}`)];
        const rows = eras.map((/** @type {any} */ era) => [era.tag, `${era.first} to ${era.last}`]);
        return [modelwise.table("", ["Era", "Years"], rows)];
    }

    function added(/** @type {Profile} */ profile) {
        const levels = [
            ...Object.entries(profile.inject.quality).map(([level, found]) => [`Added: quality ${level}`, found]),
            ...Object.entries(profile.inject.aesthetic).map(([level, found]) => [`Added: aesthetic ${level}`, found]),
        ];
        return levels.flatMap(([title, found]) =>
            part(profile, /** @type {string} */ (title), found, ({ positive, negative }) => [
                ...(positive.length ? [make("p", "", `Prompt: ${positive.join(", ")}`)] : []),
                ...(negative.length ? [make("p", "", `Negative: ${negative.join(", ")}`)] : []),
            ]),
        );
    }

    const samplersElse = (/** @type {{ fallback: string[] }} */ { fallback }) =>
        fallback.length ? `else ${fallback.join(", ")}` : "";

    function settingsPart(/** @type {Profile} */ profile) {
        const { size, cfg_scale: cfg, steps, sampler, clip_skip: skip, noise_schedule: noise, hires } = profile.settings;
        const range = (/** @type {any} */ { minimum, maximum }) =>
            minimum || maximum ? `${minimum ?? "…"} to ${maximum ?? "…"}` : "";
        /** @type {[string, any, (found: any) => string, (found: any) => string][]} */
        const rows = [
            ["Size", size, ({ width, height }) => `${width}x${height}`, () => ""],
            ["CFG", cfg, ({ value }) => String(value ?? ""), range],
            ["Steps", steps, ({ value }) => String(value ?? ""), range],
            ["Sampler", sampler, (found) => `${found.sampler}, ${found.scheduler}`, samplersElse],
            ["Clip skip", skip, ({ value }) => String(value ?? ""), range],
            ["Noise schedule", noise, ({ value }) => value ?? "", () => ""],
            ["Hires", hires, ({ text }) => text, () => ""],
        ];
        const lines = rows.flatMap(([name, found, value, more]) =>
            found ? [[name, value(found), more(found), basis(profile, found)]] : [],
        );
        const head = ["Setting", "Value", "Range", "Basis"];
        return section("Settings", lines.length ? [modelwise.table("", head, lines)] : []);
    }

    /** Sizes drawn to one scale. */
    function sizes(/** @type {{ sizes: { width: number, height: number, name: string }[] }} */ { sizes: found }) {
        const longest = Math.max(...found.flatMap(({ width, height }) => [width, height]));
        const drawn = found.map(({ width, height, name }) => {
            const shape = make("div", "modelwise-shape", [], { "aria-hidden": "true" });
            shape.style.width = `${(width / longest) * LARGEST}rem`;
            shape.style.height = `${(height / longest) * LARGEST}rem`;
            return make("li", "", [shape, make("span", "", `${width}x${height}`), make("small", "", name)]);
        });
        return [make("ul", "modelwise-sizes", drawn)];
    }

    function thresholds(/** @type {any} */ { thresholds: found, slot, url, model }) {
        const rows = found.map((/** @type {any} */ each) => [each.tag, each.above === null ? "the rest" : `over ${each.above}`]);
        return [
            modelwise.table("", ["Tag", "Score"], rows),
            make("p", "", [`Gives ${slot} words. `, url ? modelwise.link(model, url) : ""]),
        ];
    }

    function presetText(/** @type {any} */ { name, quality, rating, year, settings }) {
        const { width, height, cfg_scale: cfg, steps, sampler } = settings;
        const values = [
            quality && `quality ${quality}`,
            rating,
            year,
            width && `${width}x${height}`,
            cfg && `CFG ${cfg}`,
            steps && `${steps} steps`,
            sampler,
        ];
        return `${name}: ${values.filter(Boolean).join(", ")}`;
    }

    function example(/** @type {any} */ { prompt, negative }) {
        const words = negative ? `${prompt}\nNegative prompt: ${negative}` : prompt;
        return make("pre", "modelwise-example", words);
    }

    function links(/** @type {{ name: string, url: string, note?: string, role?: string }[]} */ found) {
        const lines = found.map(({ name, url, note, role }) => {
            const more = [role, note].filter(Boolean).join("; ");
            return make("li", "", [modelwise.link(name, url), more ? ` – ${more}` : ""]);
        });
        return lines.length ? [make("ul", "", lines)] : [];
    }

    function recognised(/** @type {any} */ { names, sha256, autov2, metadata }) {
        const texts = [
            ...names.map((/** @type {string} */ name) => `file name ${name}`),
            ...sha256.map((/** @type {string} */ hash) => `SHA-256 ${hash}`),
            ...autov2.map((/** @type {string} */ hash) => `AutoV2 ${hash}`),
            ...metadata.map((/** @type {any} */ { key, value }) => `metadata ${key}: ${value}`),
        ];
        return texts.length ? [list(texts)] : [];
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
