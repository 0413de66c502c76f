"""Writes `prompts.txt`, the set of 200 prompts that the benchmarks read: the same bytes at every run.

Messy on purpose, like what people type: quality words anywhere, weights, extra networks, BREAK, schedules,
alternates, underscores, bare brackets, wildcards, line ends. Nothing in it is taken from anybody's prompt.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

COUNT = 200
SET = "realistic-200"
FILE = Path(__file__).with_name("prompts.txt")

SUBJECTS = (
    "1girl",
    "solo",
    "2girls",
    "1boy",
    "multiple girls",
    "1other",
    "3girls",
    "1boy, 1girl",
    "no humans",
)
IDENTITIES = """
hatsune miku, vocaloid; hakurei reimu, touhou; kirisame marisa, touhou; saber (fate), fate/stay night;
artoria pendragon (fate), fate (series); rem (re:zero), re:zero kara hajimeru isekai seikatsu; asuka langley
soryu; ganyu (genshin impact), genshin impact; hu tao \\(genshin impact\\); firefly (honkai: star rail),
honkai: star rail; kafka \\(honkai: star rail\\); frieren, sousou no frieren; fern (sousou no frieren);
ayanami rei, neon genesis evangelion; gawr gura, hololive, hololive english; houshou marine; hoshino ai,
oshi no ko; makima (chainsaw man), chainsaw man; yor briar, spy x family; anya (spy x family); nezuko;
megumin, kono subarashii sekai ni shukufuku wo!; 2b (nier:automata); tifa lockhart, final fantasy vii; gotoh
hitori, bocchi the rock!; kita ikuyo; amiya (arknights), arknights; toki (blue archive), blue archive;
shiroko \\(blue archive\\); princess zelda, the legend of zelda; bulma; lum, urusei yatsura
"""
QUALITY = """
masterpiece; best quality; high quality; absurdres; highres; very aesthetic; amazing quality; newest; high
score; great score; great quality; ultra-detailed; 8k; official art; good quality; extremely detailed; safe;
sensitive; year 2023; recent
"""
ARTISTS = ("artist:some_painter", "by quiet river", "@tealeaf", "by mina kasai", "artist:ono_ink")
GENERAL = """
long hair; short hair; blue eyes; red eyes; green eyes; purple eyes; heterochromia; blonde hair; black hair;
brown hair; silver hair; white hair; pink hair; aqua hair; blue hair; red hair; orange hair; multicolored
hair; streaked hair; twintails; ponytail; side ponytail; braid; twin braids; french braid; hair bun; double
bun; hime cut; blunt bangs; ahoge; hair over one eye; hair between eyes; sidelocks; drill hair; messy hair;
wavy hair; floating hair; hair ornament; hair ribbon; hair bow; hairclip; hairband; hair flower; headphones;
hat; witch hat; beret; sun hat; baseball cap; crown; tiara; halo; cat ears; fox ears; rabbit ears; wolf
ears; animal ear fluff; horns; dragon horns; wings; angel wings; black wings; tail; fox tail; cat tail;
demon tail; glasses; sunglasses; eyepatch; earrings; single earring; choker; necklace; pendant; scarf;
necktie; bowtie; neck ribbon; sailor collar; school uniform; serafuku; blazer; cardigan; sweater; hoodie;
jacket; open jacket; leather jacket; coat; trench coat; cape; cloak; dress; white dress; black dress;
wedding dress; china dress; evening gown; pinafore dress; sleeveless dress; off-shoulder dress; kimono;
yukata; hakama; obi; maid; maid apron; maid headdress; apron; armor; breastplate; gauntlets; pauldrons;
bodysuit; shirt; white shirt; collared shirt; t-shirt; tank top; crop top; vest; skirt; pleated skirt;
miniskirt; long skirt; plaid skirt; shorts; denim shorts; pants; jeans; thighhighs; black thighhighs;
kneehighs; pantyhose; socks; loafers; boots; high heels; sneakers; sandals; barefoot; gloves; fingerless
gloves; elbow gloves; detached sleeves; wide sleeves; puffy sleeves; sleeves past wrists; frills; lace;
ribbon; bow; buttons; belt; pouch; backpack; umbrella; sword; katana; spear; staff; wand; bow (weapon); gun;
book; cup; teacup; phone; guitar; microphone; bouquet; lantern; candle; food; cake; fruit; ice cream;
looking at viewer; looking away; looking back; looking up; from side; from above; from below; from behind;
dutch angle; upper body; cowboy shot; full body; portrait; close-up; standing; sitting; wariza; seiza;
kneeling; lying; on back; on side; running; walking; jumping; leaning forward; arms behind back; arms up;
hand on own hip; hand on own face; peace sign; pointing; waving; holding hands; holding; holding sword;
holding umbrella; holding book; holding cup; crossed arms; crossed legs; outstretched arm; head tilt; smile;
grin; open mouth; closed mouth; parted lips; blush; light blush; tears; wink; one eye closed; closed eyes;
half-closed eyes; expressionless; surprised; angry; shy; happy; outdoors; indoors; sky; blue sky; night sky;
cloudy sky; starry sky; sunset; sunrise; night; day; rain; snow; snowing; wind; fog; cloud; moon; full moon;
sun; stars; ocean; beach; lake; river; waterfall; forest; mountain; field; flower field; garden; park; city;
cityscape; street; alley; rooftop; bridge; train station; classroom; library; bedroom; kitchen; cafe;
shrine; torii; castle; ruins; church; stained glass; window; curtains; chair; couch; bed; table; desk; lamp;
bookshelf; plant; potted plant; tree; cherry blossoms; maple leaf; autumn leaves; rose; red rose; sunflower;
lily (flower); hydrangea; petals; falling petals; leaf; grass; water; bubbles; reflection; ripples;
butterfly; bird; cat; dog; rabbit; fish; dragon; fire; sparkle; light particles; light rays; lens flare;
glowing; glowing eyes; backlighting; rim lighting; sunlight; moonlight; dappled sunlight; shadow; depth of
field; blurry background; bokeh; simple background; white background; gradient background; two-tone
background; monochrome; greyscale; sketch; lineart; watercolor (medium); traditional media; painting
(medium); cinematic lighting; soft lighting; dramatic light; dynamic angle; dynamic pose; film grain;
vibrant colors; muted colors; pastel colors; chromatic aberration; wide shot; fisheye; steam; smoke; mist;
puddle; graffiti; neon lights; :3; :d; ;); >_<; ^_^; o_o; :o; d:; sparkling eyes; intricate clothes; flowing
ribbon; tiny shoulder dragon; my_char_v2; gold trim; paper lantern street; a lonely vending machine; misty
pine ridge; rain on glass; embroidered sleeves; cracked porcelain mask
"""
NETWORKS = """
<lora:soft_lines_v2:0.7>; <lora:detail-slider:1.2>; <lora:my character XL:0.85>; <lyco:ink:0.5>;
<hypernet:old_film:0.3>; <lora:pose_pack:0.6:0.4>; <lora:flat2:-0.8>
"""
WILDCARDS = (
    "__hair_colour__",
    "{red|blue|green} ribbon",
    "{2$$ribbon|lace|frills}",
    "${mood}",
    "__places/indoor__",
)
MARKS = ((" BREAK ", 0.25), (" AND ", 0.05), (",\n", 0.2), ("\n", 0.05), (",", 0.1), (" , ", 0.05))
LANGUAGE = (
    "A girl leans on the railing of a ferry and watches the lights of the harbour go out",
    "the camera stands low in the wet grass and looks up at the two of them",
    'The sign says "open late, come in"',
)


def words(text: str) -> list[str]:
    """The entries of a word table."""
    return [word.strip() for word in text.replace("\n", " ").split("; ") if word.strip()]


def dressed(tag: str, dice: random.Random) -> str:
    """A tag as people write it."""
    roll = dice.random()
    if "(" in tag or ":" in tag or ";" in tag:
        return tag
    if roll < 0.075:
        return f"({tag}:{dice.choice(('1.1', '1.2', '1.3', '0.8', '1.05', '.9'))})"
    if roll < 0.10:
        return f"({tag})"
    if roll < 0.11:
        return f"[{tag}]"
    if roll < 0.13:
        return tag.replace(" ", "_")
    return tag.title() if roll < 0.135 else tag


def grouped(tags: list[str], dice: random.Random) -> list[str]:
    """Now and then, two or three neighbours in one bracket, or a schedule, or an alternation."""
    result: list[str] = []
    at = 0
    while at < len(tags):
        size = dice.choice((2, 3))
        some = tags[at : at + size]
        plain = not any(mark in tag for tag in some for mark in "()[]<>{}:;$|\\_")
        if len(some) < size or not plain or dice.random() > 0.02:
            result.append(tags[at])
            at += 1
            continue
        form = dice.choice(("({}:1.15)", "(({}))", "[{}:{}:0.4]", "[{}|{}]", "[{}:12]", "[{}::0.6]"))
        result.append(form.format(*some) if form.count("{}") > 1 else form.format(", ".join(some)))
        at += size
    return result


def parts(dice: random.Random) -> list[str]:
    """The parts of one prompt, before they are joined."""
    size = dice.choice((20, 25, 30, 40, 50, 60, 75, 75, 90, 110, 140))
    tags = [dressed(tag, dice) for tag in dice.sample(words(GENERAL), size)]
    tags += dice.sample(words(QUALITY), dice.randint(0, 5))
    if dice.random() < 0.3:
        tags.append(dice.choice(ARTISTS))
    dice.shuffle(tags)
    head = [dice.choice(SUBJECTS), *dice.sample(words(IDENTITIES), dice.choice((0, 1, 1, 1, 2)))]
    at = dice.choice((0, 0, 0, len(tags) // 2))
    tags[at:at] = head
    for some, chance in ((words(NETWORKS), 0.5), (WILDCARDS, 0.1), (LANGUAGE, 0.06)):
        if dice.random() < chance:
            tags.insert(dice.randint(0, len(tags)), dice.choice(some))
    return grouped(tags, dice)


def prompt(dice: random.Random) -> str:
    """One prompt."""
    pieces = parts(dice)
    separators = [", "] * len(pieces)
    for mark, chance in MARKS:
        if dice.random() < chance:
            for _ in range(dice.choice((1, 1, 2))):
                separators[dice.randrange(len(pieces))] = mark
    separators[-1] = dice.choice(("", "", "", ",", ", "))
    return "".join(piece + separator for piece, separator in zip(pieces, separators, strict=True))


def prompts() -> Iterator[str]:
    """The whole set."""
    dice = random.Random(20_250_103)
    for _ in range(COUNT):
        yield prompt(dice)


def read() -> tuple[str, list[str]]:
    """The name of the set that is checked in, and its prompts."""
    name, *texts = FILE.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    return name.removeprefix("set: "), texts


if __name__ == "__main__":
    FILE.write_text("\n\n".join((f"set: {SET}", *prompts())) + "\n", encoding="utf-8", newline="\n")
