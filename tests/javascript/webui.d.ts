// What a page gives to our scripts: the WebUI's globals (its script.js and javascript/ui.js), and our own.

/** The page, or the part of it that is gradio's. */
declare function gradioApp(): ParentNode;
/** Tell gradio that a script has written into a box. */
declare function updateInput(target: HTMLElement): void;
declare function onUiLoaded(callback: () => void): void;
declare function onUiUpdate(callback: (changes: MutationRecord[]) => void): void;
declare function onAfterUiUpdate(callback: () => void): void;
declare function onOptionsChanged(callback: () => void): void;
declare function onUiTabChange(callback: () => void): void;
declare function get_uiCurrentTab(): HTMLElement | null;
declare function get_uiCurrentTabContent(): HTMLElement | null;
/** The WebUI's options; which there are depends on its version and extensions. */
declare var opts: Record<string, unknown>;

type Tab = "txt2img" | "img2img";
type Box = HTMLInputElement | HTMLTextAreaElement;

/** What the page held before a preset. */
interface Before {
    values: Record<string, number | string>;
    intent: Record<string, string>;
    touched: string[];
}

/** What a button asks for; `values` and `intent`: in place of what the page holds. */
interface Action extends Partial<Before> {
    kind: string;
    name?: string;
    width?: number;
    height?: number;
}

/** What the server says to the page: values that will be set, or fields that were filled (null: put back). */
interface Answer {
    fields?: Record<string, number | string>;
    touched?: string[] | null;
}

/** What could be meant at the caret. `closed`: what stands behind the name of an extra network already. */
interface Typing {
    kind: "tag" | "network" | "wildcard";
    network: string;
    start: number;
    end: number;
    typed: string;
    inside: boolean;
    closed: string;
}

/** A place is an offset in the text of an index; places of more popular tags are smaller. */
interface CompletionIndex {
    text: Uint8Array;
    /** The words' starts, as places, sorted by what follows them. */
    order: Uint32Array;
    /** The smallest place of each block of `order`. */
    minima: Uint32Array;
    /** Where the name of each row begins, and the text's length. */
    rows: Uint32Array;
    counts: Uint32Array;
    categories: Uint8Array;
    /** Strings that are shown otherwise than they are searched: where they begin, and what is shown. */
    own: { begins: Uint32Array; text: Uint8Array; ends: Uint32Array };
    used: Used | null;
}

/** The tags that the user has used: their rows, and where in the order their words are. */
interface Used {
    uses: Map<string, number>;
    size: number;
    tags: Map<number, string>;
    starts: Uint32Array;
}

interface IndexParts {
    counts: Uint32Array;
    categories: Uint8Array;
    planes: [Uint8Array, Uint8Array, Uint8Array];
    text: Uint8Array;
    shown: Uint8Array;
}

type Six = [number, number, number, number, number, number];

/** Word starts that follow each other in the order: from `low` to before `high`. */
interface Starts {
    low: number;
    high: number;
}

/** What is typed: folded, as UTF-8, in whole and word by word. `isPlain`: ASCII alone. */
interface Query {
    bytes: Uint8Array;
    words: Uint8Array[];
    isPlain: boolean;
}

/** What may be meant by a typo. `most`, `mostWhole`: among how many of the most popular tags. */
interface Edits {
    ranges: Starts[];
    wholes: { range: Starts; length: number }[];
    most: number;
    mostWhole: number;
}

interface Trust {
    steps: [number, number][];
    first: number;
}

interface Found {
    row: number;
    place: number;
    tier: number;
}

interface Search {
    index: CompletionIndex;
    query: Query;
    limit: number;
    used: Used | null;
    found: Map<number, Found>;
}

/** `uses`: how often the user has used tags, by name. A larger map is noticed, a changed number at once. */
interface SearchOptions {
    limit: number;
    uses?: Map<string, number>;
}

/** A tag that may be meant. `alias`: the alias or translation that was typed; null where the name was.
 *  `category`: Danbooru's numbers. `count`: its posts, 0 where no list says. `row`: its place by popularity. */
interface Match {
    tag: string;
    alias: string | null;
    category: number;
    count: number;
    kind: "exact" | "prefix" | "word" | "words" | "alias" | "typo";
    row: number;
}

/** How the model's captions spell a tag. */
interface Spelling {
    underscores: "spaces" | "keep";
    parentheses: "escape" | "keep";
    case: "lower" | "keep";
    artist_prefix: string | null;
}

/** A word of the model's own. `low`: nobody wants it in an image. */
interface Special {
    tag: string;
    slot: string;
    low: boolean;
    says: string;
}

interface Style {
    name: string;
    prompt: string;
    negative: string;
}

/** What the server knows beside the index. */
interface CompletionData {
    profile: string;
    slots: string[];
    spelling: Spelling | null;
    prefixes: string[];
    specials: Special[];
    foreign: Record<string, string>;
    everyday: string[];
    networks: Record<string, string[]>;
    embeddings: string[];
    wildcards: string[];
    styles: Style[];
    uses: Record<string, number>;
    remembers: boolean;
    /** Which index there is. */
    index: string;
}

interface Keyed {
    name: string;
    key: string;
}
type KnownSpecial = Special & { key: string };

/** The same, ready for look-ups. */
interface Known {
    spelling: Spelling;
    prefixes: string[];
    slots: Set<string>;
    everyday: Set<string>;
    specials: KnownSpecial[];
    own: Set<string>;
    foreign: Map<string, string>;
    networks: { kind: string; names: Keyed[] }[];
    embeddings: Keyed[];
    wildcards: Keyed[];
    styles: (Style & { key: string })[];
}

/** A row of the list. `text`: what is inserted; `model`: whose word it is; `used`: the name that is counted. */
interface Suggestion {
    kind: "tag" | "network" | "wildcard" | "embedding" | "style";
    look: string;
    name: string;
    text: string;
    alias: string;
    count: number | null;
    slot: string;
    says: string;
    model: string;
    used: string;
}

interface Acceptance {
    from: number;
    to: number;
    insert: string;
}

interface Sources {
    index: CompletionIndex | null;
    known: Known | null;
    uses: Map<string, number>;
    remembers: boolean;
}

/** A place in the window, in pixels. `leftwards`: text goes on to the left of it. */
interface Place {
    left: number;
    top: number;
    height: number;
    leftwards: boolean;
    windowWidth: number;
    windowHeight: number;
}

/** Suggestions for a query: those that are seen at once, and all, which are made when they are asked for. */
interface Offer {
    seen: Suggestion[];
    all(): Suggestion[];
}

/** A row of the list, its texts, and what it was last filled with. */
interface SuggestionRow {
    element: HTMLElement;
    named: HTMLElement;
    count: Text;
    name: Text;
    note: Text;
    look: string;
    isPresent: boolean;
}

/** The list of suggestions. `seen`: how many rows are seen without scrolling. */
interface SuggestionList {
    active(): number;
    rowOf(node: Node): number | null;
    seen: number;
    show(box: Box, offer: Offer, present: (tag: string) => boolean): void;
    put(place: Place, count: number): void;
    choose(number: number): void;
    turn(pages: number): void;
    hide(): void;
}

/** What the server says of a change to a text. */
interface Entry {
    kind: string;
    item: string;
    to: string | null;
    slot: string | null;
    where: string;
    reason: string;
}

/** A part of a compiled text (modelwise/explain.py). */
interface Piece {
    kind: "item" | "keyword" | "untouched";
    text: string;
    written: string | null;
    slot: string | null;
    changes: string[];
    reasons: string[];
    why: string;
    source: string;
    card: string;
    otherwise: string;
}

/** The answer of the preview's route (modelwise/webui/preview.py). */
interface Preview {
    line: string;
    profile: string;
    name: string;
    active: boolean;
    warnings: Warned[];
    texts: PreviewText[];
    settings: PreviewSetting[];
    values: Record<string, number | string>;
}

/** The answer of the translation's route (modelwise/translate.py). */
interface Translation {
    prompt: string;
    negative: string;
    from: string | null;
    to: string;
    report: Entry[];
}

interface Warned {
    text: string;
    action: string | null;
}

interface PreviewText {
    title: string;
    text: string;
    pieces: Piece[];
    left_out: Entry[];
    tokens: { count: number; limit: number } | null;
}

interface PreviewSetting {
    name: string;
    value: string;
    reason: string;
}

/** What an entry's values are based on. */
interface Sourced {
    basis: string;
    source: string;
}

interface Word {
    tag: string;
    low: boolean;
    count: number | null;
    criterion: string;
}

/** A profile as its route gives it (modelwise/profiles.py), as far as the card looks at it. */
interface Profile {
    id: string;
    version: number;
    name: string;
    family: string;
    extends: string | null;
    architecture: string;
    prediction: string | null;
    hosts: string[];
    captions: string | null;
    knowledge_cutoff: string | null;
    licences: { name: string; url: string; note: string }[];
    sources: { id: string; name: string; url: string }[];
    related: { name: string; url: string; role: string }[];
    match: object;
    order: object | null;
    vocabulary: Record<string, any>;
    inject: { quality: Record<string, object>; aesthetic: Record<string, object> };
    settings: Record<string, any>;
    scores: ({ model: string } & Sourced)[];
    presets: object[];
    limits: { text: string }[];
    examples: object[];
}

interface ProfileSummary {
    id: string;
    name: string;
    family: string;
    architecture: string;
}

interface ProfileList {
    profiles: ProfileSummary[];
}

interface FileProblem {
    file: string;
    key: string;
    found: string;
    allowed: string;
}

/** Answers of the own profiles' routes (modelwise/webui/api/own_profiles.py). */
interface OwnFile {
    file: string;
    profile: string | null;
    problem: FileProblem | null;
}

interface ProfileText {
    file: string;
    text: string;
    version: string;
}

interface CheckedProfile {
    problems: { key: string; line: number; found: string; allowed: string }[];
    others: FileProblem[];
    id: string | null;
    name: string | null;
}

/** What the lab's route is asked, and answers (modelwise/webui/lab.py). */
interface LabQuestion {
    prompt: string;
    negative: string;
    profiles: string[];
    intent: { quality: string | null; rating: string | null; year: number | null; aesthetic: string | null };
    switches: Record<string, boolean>;
}

interface LabResult extends Answered {
    profile: string;
    name: string;
}

interface LabAnswer {
    results: LabResult[];
}

/** What a preview and a result of the lab have in common. */
interface Answered {
    warnings: Warned[];
    texts: PreviewText[];
    settings: PreviewSetting[];
}

interface MultiChoice {
    element: HTMLElement;
    values(): string[];
    choose(values: string[]): void;
    offer(options: { value: string; text: string; note: string }[]): void;
}

/** Our one global: what the scripts have for each other, for the panel's events and for the tests. */
interface Modelwise {
    TABS: Tab[];
    box(id: string, kind?: string): (Box & { checked?: boolean }) | null;
    elementOf(tab: Tab, name: string): string | null;
    values(tab: Tab): Record<string, number | string>;
    intent(tab: Tab): Record<string, string>;
    PLACES: { touched: number; pasted: number };
    pageOf(tab: Tab): object;
    panelAsks(tab: Tab, values: unknown[]): void;
    sections: Record<string, (place: HTMLElement) => void>;
    request(route: string, body?: unknown, signal?: AbortSignal | null, method?: string): Promise<any>;
    onProfilesChanged(callback: () => void): void;
    profilesChanged(): void;
    previewBody(): { body: HTMLElement; word: HTMLElement };
    fillPreview(body: HTMLElement, word: HTMLElement, answer: Answered): void;
    copyText(text: string): Promise<void>;
    button(label: string, act: () => unknown, title?: string): HTMLElement;
    link(text: string, address: string): HTMLElement;
    labelled(name: string, control: HTMLElement): HTMLElement;
    textBox(attributes?: Record<string, string>, kind?: "textarea" | "input"): Box;
    select(choices: Record<string, string>, attributes?: Record<string, string>): HTMLSelectElement;
    setChoices(list: HTMLSelectElement, choices: Record<string, string>): void;
    checkBox(checked: boolean, attributes?: Record<string, string>): HTMLInputElement;
    table(title: string, head: string[], rows: (string | Node | (string | Node)[])[][]): HTMLElement;
    verbatim(words: string): string[];
    walk(place: HTMLElement, selector: string): void;
    finds(search: string, text: string): boolean;
    download(name: string, text: string): void;
    readFile(file: File): Promise<string>;
    multiChoice(name: string, none: string, most: number, changed: () => void): MultiChoice;
    labText(question: LabQuestion): string;
    readLabText(text: string): Partial<LabQuestion>;
    showLabResults(place: HTMLElement, results: LabResult[]): void;
    sendToTxt2img(prompt: string, negative: string): void;
    profileCard(profile: Profile): Node[];
    differences(one: object, other: object): [string, string, string][];
    profileEditor(given: ProfileText, done: (saved: ProfileText | null) => void): HTMLElement;
    preview(tab: Tab): Promise<void>;
    latest(tab: Tab): Preview | null;
    refresh(tab: Tab): void;
    watchControls(tab: Tab): void;
    showLatest(tab: Tab): void;
    isOpen(tab: Tab): boolean;
    watchTyping(tab: Tab): () => void;
    showLineOf(tab: Tab, html: string): void;
    showPreview(tab: Tab, preview: Preview | null): void;
    showNoPreview(tab: Tab, reason: string): void;
    wordOn(piece: Piece): string;
    element(
        name: string,
        kind: string,
        content?: string | Node | (string | Node)[],
        attributes?: Record<string, string>,
    ): HTMLElement;
    toolsOf(tab: Tab): Node[];
    isWriting?: boolean;
    replaceText(box: Box | null, text: string): void;
    asText(preview: Preview): string;
    asked(tab: Tab, inputs: unknown[]): unknown[];
    acted(tab: Tab, inputs: unknown[]): unknown[];
    answered(tab: Tab, answer: string): void;
    press(tab: Tab, name: string): void;
    pressUntil(tab: Tab, name: string, isHeard: () => boolean, left?: number): void;
    checkpointChosen(): void;
    act(tab: Tab, action: Action): void;
    write(box: Box | null, text: string): void;
    whenIdle(callback: () => void): void;
    settled(callback: () => void, milliseconds: number): () => void;
    fieldOf(tab: Tab, id: string): string | null;
    changes(type: string, isOption: boolean, key: string | undefined): boolean;
    filledTab(id: string, inside: Tab | null): Tab | null;
    touchedFields(tab: Tab): string[];
    touch(tab: Tab, fields: string[]): void;
    setTouched(tab: Tab, fields: string[]): void;
    sendTouched(tab: Tab, again?: boolean): void;
    watchChanges(id: string, changed: () => void): void;
    watchFields(tab: Tab, changed: () => void): void;
    watchFillers(): void;
    watchMemory(): void;
    actionOf(data: DOMStringMap): Action;
    makeOperable(tab: Tab): void;
    hint(value: unknown): string;
    showHints(tab: Tab, fields: Record<string, unknown>): void;
    typedAt(text: string, caret: number): Typing[];
    readable(typed: string): string;
    normalForm(text: string): string;
    spelled(name: string, spelling: Spelling): string;
    prepared(data: CompletionData): Known;
    asking(typed: string, known: Known): { typed: string; prefix: string };
    rank(
        query: Typing,
        known: Known,
        matches: Iterable<Match>,
        options: { negative: boolean; prefix: string; limit: number },
    ): Generator<Suggestion, void>;
    offerFor(query: Typing, known: Known, negative: boolean): Offer;
    foreseeOffers(query: Typing, known: Known, negative: boolean): void;
    forgetOffers(): void;
    some<T>(left: Iterator<T>, count: number): Generator<T, void>;
    acceptance(
        text: string,
        caret: number,
        query: Typing,
        chosen: Suggestion,
        options: { separator: boolean; fresh: boolean; weight: string },
    ): Acceptance;
    plain(text: string): string;
    presence(text: string, query: Typing): (tag: string) => boolean;
    placeOf(box: Box, offset: number): Place | null;
    foresee(box: Box, offset: number): void;
    lastPlace(box: Box): Place | null;
    forgetPlaces(box: Box): void;
    shortCount(count: number | null): string;
    suggestionRow(number: number): SuggestionRow;
    fillRow(row: SuggestionRow, suggestion: Suggestion, isPresent: boolean, isCounted: boolean): void;
    entitleRow(row: SuggestionRow, suggestion: Suggestion): void;
    list: SuggestionList;
    introduce(box: Box): void;
    sources: Sources;
    loadSources(profile: string): Promise<void>;
    forgetSources(): void;
    forgetUses(): Promise<void>;
    remember(name: string): void;
    neighbour(): string;
    listBeside(box: Box): HTMLElement | null;
    cover(box: Box, covered: boolean): void;
    closeBeside(box: Box): void;
    completes(): boolean;
    completedBox(event: { target: EventTarget | null }): Box | null;
    isNegative(box: Box): boolean;
    tabOf(box: Box): Tab;
    sayWhoCompletes(): void;
    replacePart(box: Box, from: number, to: number, text: string): void;
    openIndex(buffer: ArrayBuffer): CompletionIndex;
    openIndexInSteps(buffer: ArrayBuffer): Promise<CompletionIndex>;
    search(index: CompletionIndex, typed: string, options: SearchOptions): Generator<Match, void>;
    fold(text: string): string;
    queryOf(typed: string): Query;
    startsWord(text: Uint8Array, place: number): boolean;
    byteAt(text: Uint8Array, place: number): number;
    narrowed(index: CompletionIndex, range: Starts, depth: number, bytes: Uint8Array, from: number): Starts | null;
    startingWith(index: CompletionIndex, bytes: Uint8Array): Starts | null;
    beginOf(text: Uint8Array, place: number): number;
    wordIn(text: Uint8Array, begin: number, bytes: Uint8Array): number;
    rowAt(index: CompletionIndex, place: number): number;
    bestPlaces(
        index: CompletionIndex,
        ranges: Starts[],
        limit: number,
        keeps: ((place: number) => boolean) | null,
    ): number[];
    firstFrom(numbers: Uint32Array, least: number): number;
    stringAt(index: CompletionIndex, begin: number): string;
    tagOf(index: CompletionIndex, row: number): string;
    usedOf(index: CompletionIndex, uses: Map<string, number>): Used;
    usedPlaces(index: CompletionIndex, used: Used, ranges: Starts[]): number[];
    oneEdit(index: CompletionIndex, query: Query): Edits;
    twoEdits(index: CompletionIndex, query: Query): { places: number[]; most: number };
}
declare var modelwise: Modelwise;

/** What the workbench's page has for its own server. */
interface ModelwiseWorkbench {
    optionsChanged(): void;
    openTab(title: string): void;
    openAccordion(id: string, on: boolean): void;
    textsOfPicture(tab: string, texts: string[][] | null, ...shown: string[]): Promise<string[]>;
}
declare var modelwiseWorkbench: ModelwiseWorkbench;
