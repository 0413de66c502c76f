// What is suggested comes from here: the index and the lists of our server, fetched when a box is first used.
//
// The lists are asked for again when a box is used later, as they change while a page is open; the index only where
// they say that there is another one. Nothing is sent but the profile that the panel has chosen and, where the user
// wants that, which suggestion was taken.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const ADDRESS = "modelwise/v1/completion";
    const FRESH = 20_000; // milliseconds for which nothing is asked again

    /** @type {Sources} */
    const sources = { index: null, known: null, uses: new Map(), remembers: false };
    /** Which index is open. */
    let version = "";
    let asked = -Infinity;
    let wanted = "";
    let loading = Promise.resolve();

    /** What there is so far. */
    modelwise.sources = sources;

    /** Fetch what is missing or may have changed. `profile`: the panel's choice. */
    modelwise.loadSources = function (profile) {
        const now = performance.now();
        if (profile !== wanted || now - asked >= FRESH) {
            asked = now;
            wanted = profile;
            loading = load(profile).catch((error) => {
                console.warn("Modelwise has no suggestions now:", error); // the page works without
            });
        }
        return loading;
    };

    async function load(/** @type {string} */ profile) {
        const words = await answer(`words?profile=${encodeURIComponent(profile)}`);
        /** @type {CompletionData} */
        const data = await words.json();
        if (profile !== wanted) return; // the user has chosen another meanwhile
        sources.known = modelwise.prepared(data);
        sources.uses = new Map(Object.entries(data.uses));
        sources.remembers = data.remembers;
        await loadIndex(data.index);
    }

    async function loadIndex(/** @type {string} */ wantedVersion) {
        if (wantedVersion === version) return;
        const found = await answer(`index?version=${encodeURIComponent(wantedVersion)}`);
        sources.index = await modelwise.openIndexInSteps(await found.arrayBuffer());
        version = wantedVersion;
    }

    async function answer(/** @type {string} */ question) {
        const found = await fetch(`${ADDRESS}/${question}`);
        if (!found.ok) throw new Error(`${found.url}: ${found.status}`);
        return found;
    }

    /** Ask again the next time: the checkpoint has changed. */
    modelwise.forgetSources = function () {
        asked = -Infinity;
    };

    /** Remember that a suggestion was taken, where the user wants that. */
    modelwise.remember = function (name) {
        if (!sources.remembers) return;
        sources.uses.set(name, (sources.uses.get(name) ?? 0) + 1);
        modelwise.forgetOffers();
        const body = JSON.stringify({ name });
        const headers = { "Content-Type": "application/json" };
        fetch(`${ADDRESS}/uses`, { method: "POST", body, headers, keepalive: true }).catch(() => {}); // no harm done
    };

    /** Forget all that was taken, here and on the server. Throws an Error that can be shown. */
    modelwise.forgetUses = async function () {
        await modelwise.request("completion/uses", null, null, "DELETE");
        sources.uses = new Map();
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
