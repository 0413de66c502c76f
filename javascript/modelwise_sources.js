// What is suggested comes from here: the index and the lists of our server, fetched when a box is first used.
//
// They are asked for again when a box is used later, as lists change while a page is open; what has not changed
// is the browser's own copy. Nothing is sent but the profile that the panel has chosen and, where the user wants
// that, which suggestion was taken.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const ADDRESS = "modelwise/v1/completion";
    const FRESH = 20_000; // milliseconds for which nothing is asked again

    /** @type {Sources} */
    const sources = { index: null, known: null, uses: new Map(), remembers: false };
    /** @type {Record<string, string>} */
    const versions = {};
    let asked = -Infinity;
    let wanted = "";

    /** What there is so far. */
    modelwise.sources = sources;

    /** Fetch what is missing or may have changed. `profile`: the panel's choice. */
    modelwise.loadSources = async function (profile) {
        const now = performance.now();
        if (profile === wanted && now - asked < FRESH) return;
        asked = now;
        wanted = profile;
        const address = `${ADDRESS}/words?profile=${encodeURIComponent(profile)}`;
        await Promise.all([
            read(address, "words", async (answer) => {
                /** @type {CompletionData} */
                const data = await answer.json();
                if (profile !== wanted) return; // the user has changed it meanwhile
                sources.known = modelwise.prepared(data);
                sources.remembers = data.remembers;
                sources.uses = new Map(Object.entries(data.uses));
            }),
            read(`${ADDRESS}/index`, "index", async (answer) => {
                sources.index = modelwise.openIndex(await answer.arrayBuffer());
            }),
        ]);
    };

    /** Ask again the next time: the checkpoint has changed. */
    modelwise.forgetSources = function () {
        asked = -Infinity;
    };

    /** Remember that a suggestion was taken, where the user wants that. */
    modelwise.remember = function (name) {
        if (!sources.remembers) return;
        sources.uses.set(name, (sources.uses.get(name) ?? 0) + 1);
        const body = JSON.stringify({ name });
        const headers = { "Content-Type": "application/json" };
        fetch(`${ADDRESS}/uses`, { method: "POST", body, headers, keepalive: true }).catch(() => {}); // no harm done
    };

    /** Fetch an address, and take its answer in if it is another than the last one.
     *  @type {(address: string, name: string, take: (answer: Response) => Promise<void>) => Promise<void>} */
    async function read(address, name, take) {
        try {
            const answer = await fetch(address, { cache: "no-cache" });
            const version = `${address} ${answer.headers.get("ETag")}`;
            if (!answer.ok || versions[name] === version) return;
            await take(answer);
            if (answer.headers.has("ETag")) versions[name] = version;
        } catch (error) {
            console.warn("Modelwise: no suggestions now:", error); // the page works without
        }
    }
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
