// The tab's section Scores: the scorers, and below them the images that are given.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    modelwise.sections = modelwise.sections ?? {};
    modelwise.sections.scores = function (place) {
        const images = modelwise.scoreImages();
        place.append(modelwise.scorerList(images.follow), images.element);
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
