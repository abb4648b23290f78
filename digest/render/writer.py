"""Writes what templates see of an edition: every text cleaned and cut, every address checked; knows no markup."""

from __future__ import annotations

import re

from digest.model import Article, CallToAction, Edition, Headline, Masthead, Picture, Source, Sponsor, Story
from digest.render import text
from digest.render.byline import byline
from digest.render.links import link, picture, shown
from digest.render.reasons import every, why
from digest.render.view import EditionView, Line, Place, SourceView, StoryView, Tongue
from digest.render.words import Language, language

#: Pixels: as high as two lines of small print.
LOGO_HEIGHT = 24

_WORD = re.compile(r"\w+")


def view(edition: Edition, stories: int | None = None, brief: int | None = None) -> EditionView:
    """Return what templates see of an edition, all of it or only so many stories and lines in brief."""
    masthead = edition.masthead
    words = language(masthead.language)
    writer = _Writer(edition, words)
    shown_stories, shown_brief = edition.stories[:stories], edition.brief[:brief]
    lead, *others = map(writer.story, shown_stories)
    return EditionView(
        title=text.headline(masthead.title),
        date=words.day(edition.date),
        short_date=words.short_day(edition.date),
        language=masthead.language,
        direction=words.direction,
        lead=lead,
        stories=tuple(others),
        brief=tuple(writer.report(story.lead, story.title) for story in shown_brief),
        left_out=len(edition.stories) + len(edition.brief) - len(shown_stories) - len(shown_brief),
        sponsor=_place(masthead.sponsor, words),
        call_to_action=_place(masthead.call_to_action, words),
        web_url=web_url(edition),
        postal_address=postal_lines(masthead),
    )


def postal_lines(masthead: Masthead) -> tuple[str, ...]:
    """Return the lines of the postal address, the newsletter's title where none is set."""
    lines = filter(None, (text.one_line(line) for line in masthead.postal_address.splitlines()))
    return tuple(lines) or (text.one_line(masthead.title),)


def web_url(edition: Edition) -> str:
    """Return the address of the edition's page, '' where the installation has no address."""
    base = link(edition.masthead.base_url).rstrip("/")
    return f"{base}/editions/{edition.id}" if base else ""


def _place(place: Sponsor | CallToAction | None, words: Language) -> Place | None:
    if not place or not place.text.strip():
        return None
    said = text.one_line(place.text)
    return Place(said, link(place.url), link(place.image), text.direction(said, words.direction))


class _Writer:
    """Writes the stories of one edition in its language."""

    def __init__(self, edition: Edition, words: Language) -> None:
        self._edition, self._words = edition, words

    def story(self, story: Story) -> StoryView:
        """Write a story."""
        article = story.lead
        source = self._edition.source(article.source)
        dek, standfirst, paragraphs = _said(story, source.quote_words)
        adds, adds_by = self._added(story)
        headline = text.headline(story.title)
        return StoryView(
            headline=headline,
            url=link(article.url),
            byline=byline(article.byline, source.title),
            time=self._time(article),
            source=self._source(source),
            section=text.one_line(story.section),
            dek=dek,
            written_by=text.one_line(story.summary_by) if story.summary else "",
            standfirst=standfirst,
            paragraphs=paragraphs,
            image=self._picture(article, source),
            why=why(story, self._words),
            reasons=every(story, self._words),
            related=tuple(map(self.report, story.related)),
            also_at=self._elsewhere(story, source),
            adds=adds,
            adds_by=adds_by,
            tongues=self._tongues(story),
            page_list=tuple(self._listed(one, source, article.language) for one in article.related),
            is_update=story.is_update,
            language=self._foreign(article.language),
            direction=text.direction(headline, self._words.direction),
        )

    def report(self, article: Article, title: str = "") -> Line:
        """Write an article as a line."""
        source = self._edition.source(article.source)
        line = Headline(title or article.headline, article.url, article.dek or article.body)
        return self._listed(line, source, article.language, name=text.one_line(source.title))

    def _added(self, story: Story) -> tuple[str, str]:
        """Return what another report adds, and its source's name; both '' where nothing may be quoted."""
        source = self._edition.source(story.adds_by)
        adds = text.dek(story.adds, source.quote_words) if story.adds_by else ""
        return (adds, text.one_line(source.title)) if adds else ("", "")

    def _tongues(self, story: Story) -> tuple[Tongue, ...]:
        """Return the first report of each other language: more of one tell a reader nothing more."""
        firsts: dict[str, Article] = {}
        for article in story.tongues:
            firsts.setdefault(article.language.split("-")[0].lower(), article)
        return tuple(map(self._tongue, firsts.values()))

    def _tongue(self, article: Article) -> Tongue:
        name = self._words.tongue(article.language)
        label = self._words.gettext("Also in %(language)s") % {"language": name}
        return Tongue(label if name else self._words.gettext("Also in another language"), self.report(article))

    def _elsewhere(self, story: Story, source: Source) -> tuple[Line, ...]:
        """Return one copy of each other source: two of one source tell a reader nothing more."""
        copies = {source.slug: story.lead}
        for article in story.also_at:
            copies.setdefault(article.source, article)
        return tuple(map(self.report, list(copies.values())[1:]))

    def _listed(self, line: Headline, source: Source, tag: str, name: str = "") -> Line:
        headline = text.headline(line.headline)
        return Line(
            headline=headline,
            url=link(line.url),
            dek=text.dek(line.dek, source.quote_words),
            source=name,
            language=self._foreign(tag),
            direction=text.direction(headline, self._words.direction),
        )

    def _source(self, source: Source) -> SourceView:
        homepage = link(source.homepage)
        logo = picture(Picture(source.logo), source, self._edition.masthead)
        return SourceView(
            name=text.one_line(source.title),
            url=homepage,
            address=shown(homepage),
            tagline=text.clip(text.one_line(source.tagline), 200),
            logo=logo.url if logo else "",
            logo_width=_width(source.logo_size) if logo else None,
        )

    def _picture(self, article: Article, source: Source) -> Picture | None:
        found = picture(article.image, source, self._edition.masthead)
        return found and Picture(found.url, text.one_line(found.alt), found.width, found.height)

    def _time(self, article: Article) -> str:
        moment = article.published_at
        masthead = self._edition.masthead
        return self._words.clock(moment, masthead.timezone, self._edition.date) if moment else ""

    def _foreign(self, tag: str) -> str:
        return tag if tag and tag.split("-")[0].lower() != self._words.locale.language else ""


def _said(story: Story, words: int) -> tuple[str, str, tuple[str, ...]]:
    """Return dek, standfirst and opening, the dek made for the edition where there is one."""
    if not story.summary:
        return _quoted(story.lead, words)
    dek = text.one_line(story.summary)
    if story.summary_by:  # its words are not the source's
        return dek, dek, text.opening(text.paragraphs(story.lead.body), words)
    return text.clip_words(dek, words), "", ()


def _width(size: tuple[int, int] | None) -> int | None:
    """Return how wide a header image is at the height at which it is shown."""
    return round(size[0] * LOGO_HEIGHT / size[1]) if size else None


def _quoted(article: Article, words: int) -> tuple[str, str, tuple[str, ...]]:
    """Return dek, standfirst and opening; what is shown together has at most ``words`` words."""
    body = text.paragraphs(article.body)
    dek = text.dek(article.dek, words)
    if not body:
        return dek, "", ()
    if not dek or _says_the_same(dek, body[0]):
        return (dek or text.dek(body[0], words)), "", text.opening(body, words)
    return dek, dek, text.opening(body, words - text.word_count(dek))


def _says_the_same(dek: str, paragraph: str) -> bool:
    """Tell whether a paragraph says again, datelined or reworded a little, what the dek says."""
    said, again = set(_WORD.findall(dek.casefold())), set(_WORD.findall(paragraph.casefold()))
    return len(said & again) >= 0.7 * len(said)
