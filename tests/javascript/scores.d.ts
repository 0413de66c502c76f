// What the tab's section Scores asks the server for, and what its scripts have for each other.

/** A scorer (modelwise/webui/api/scores.py). */
interface ScorerFacts {
    id: string;
    model: string;
    licence: string;
    page: string;
    size: number;
    missing: string[];
    kept: number;
}

interface ScorerFetching {
    progress: Progress;
    scorer: string;
    file: string;
}

/** A card's table: the tags for a scorer's scores, the best first. */
interface Scale {
    profile: string;
    name: string;
    slot: string;
    scorer: string;
    bars: ScaleBar[];
}

interface ScaleBar {
    tag: string;
    scores: string;
    count: number;
    share: number;
}

interface Scorers {
    missing_packages: string[];
    scorers: ScorerFacts[];
    scales: Scale[];
    fetch: ScorerFetching;
}

interface ScoredImage {
    file: string;
    scores: Record<string, number>;
    tags: Record<string, Record<string, string | null>>;
    error: string;
}

interface GivenImage extends ScoredImage {
    notice: string;
}

interface ScoreTables {
    csv: string;
    images: ScoredImage[];
    histograms: Scale[];
}

/** Cards that state the same table. `profile`: one of them. */
interface ScaleGroup extends Omit<Scale, "name"> {
    names: string[];
}

/** A file under the name that it has here: of a folder's, with its way from there. */
interface NamedFile {
    name: string;
    file: File;
}

/** An image that was given. `key`: by which it is known again. */
interface ScoredEntry extends NamedFile {
    key: string;
    result: GivenImage | null;
}

type Told = (text: string) => void;

interface ScoringParts {
    shown(entry: ScoredEntry): void;
    told: Told;
    moved(): void;
    scorers(): string[];
}

interface Scoring {
    add(files: NamedFile[]): number;
    run(): Promise<void>;
    stop(): void;
    clear(): void;
    entries(): ScoredEntry[];
    progress(): { state: "idle" | "running"; done: number; total: number; message: string };
}

interface Modelwise {
    freeName(name: string, taken: (name: string) => boolean): string;
    scoring(parts: ScoringParts): Scoring;
    imagesOf(files: NamedFile[]): NamedFile[];
    imageIntake(given: (files: NamedFile[]) => void, failed: (error: Error) => void): HTMLElement;
    scaleGroups(scales: Scale[]): ScaleGroup[];
    scoreFacts(image: ScoredImage, groups: ScaleGroup[]): [string, string][];
    tagCounts(images: ScoredImage[], group: ScaleGroup): { total: number; counts: number[] };
    scoredRow(entry: ScoredEntry, groups: ScaleGroup[]): HTMLElement;
    histogram(images: ScoredImage[], group: ScaleGroup): HTMLElement[];
    scorerSize(scorer: Pick<ScorerFacts, "size" | "missing" | "kept">): string;
    scorerList(changed: (found: Scorers) => void): HTMLElement;
    scoreLines(images: ScoredImage[]): string;
    scoreSaves(images: () => ScoredImage[], told: Told): HTMLElement[];
    scoredWords(counts: { scored: number; bad: number; left: number }): string;
    scaleWords(groups: ScaleGroup[]): string;
    scoreImages(): { element: HTMLElement; follow(found: Scorers): void };
}
