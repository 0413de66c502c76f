// Questions to our server: JSON there and back, apart from gradio and its queue.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const NOT_READY = 404; // the page can be there before the routes are
    const PATIENCE = [300, 1000, 3000]; // milliseconds before each further try

    /** An answer that is an error, in the server's words. */
    function said(/** @type {unknown} */ answer, /** @type {number} */ status) {
        const error = /** @type {{ error?: string } | null} */ (answer)?.error;
        return Object.assign(new Error(error ?? `Modelwise's server answers with ${status}`), { status });
    }

    const pause = (/** @type {number} */ milliseconds) =>
        new Promise((done) => {
            setTimeout(done, milliseconds);
        });

    /** A question with a body is a POST, one without a GET, unless it says otherwise. */
    function sent(/** @type {unknown} */ body, /** @type {AbortSignal | null} */ signal, /** @type {string} */ method) {
        if (body === null) return { signal, ...(method && { method }) };
        const headers = { "Content-Type": "application/json" };
        return { method: method || "POST", headers, body: JSON.stringify(body), signal };
    }

    const isOurs = (/** @type {unknown} */ answer) => typeof answer === "object" && answer !== null && "error" in answer;

    /** Ask one of our routes; `body` null asks without one. Throws an Error that can be shown, with the status. */
    modelwise.request = async function (route, body = null, signal = null, method = "") {
        for (const wait of [...PATIENCE, null]) {
            // Relative to the page: the host may be served under a path of its own.
            const response = await fetch(`modelwise/v1/${route}`, sent(body, signal, method));
            const answer = await response.json().catch(() => null);
            if (response.ok) return answer;
            const final = response.status !== NOT_READY || isOurs(answer) || wait === null;
            if (final) throw said(answer, response.status);
            await pause(wait);
        }
        return null;
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
