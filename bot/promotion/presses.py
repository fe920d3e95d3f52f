"""The buttons of campaigns and guests."""

from collections.abc import Awaitable, Callable, Mapping

from bot.client import OnPress, Press
from bot.page.service import PageService
from bot.page.tickets import Viewer
from bot.presses import Answers
from bot.promotion import preview
from bot.promotion.channels import REPLAY
from bot.promotion.gathered import Gathered
from bot.promotion.guestbook import Guestbook
from bot.promotion.guests import BOARD, NO, NOTED, YES
from bot.promotion.promoter import Promoter
from bot.promotion.rights import require_host
from bot.replies import AnyInteraction, answer, change, language, patiently
from bot.rooms.seeing import is_moderator
from bot.texts.wording import Params, Wording
from scheduler.campaigns.campaign import CampaignState
from scheduler.plans import PlanRefused, PlanState

STATES: Mapping[str, CampaignState] = {
    preview.PAUSE: CampaignState.PAUSED,
    preview.RESUME: CampaignState.ACTIVE,
    preview.CANCEL: CampaignState.CANCELLED,
}

Deed = Callable[[AnyInteraction, Press], Awaitable[str]]
"""Does what a button asks and returns what to answer."""


class PromoPresses:
    """Takes the buttons whose verb is about a campaign or a guest."""

    def __init__(
        self,
        promoter: Promoter,
        guestbook: Guestbook,
        page: PageService,
        words: Wording,
    ) -> None:
        self._promoter = promoter
        self._guestbook = guestbook
        self._page = page
        self._words = words

    def answers(self) -> Answers:
        """Return what they do."""
        return dict.fromkeys((*STATES, preview.REFRESH), self._campaign) | {
            YES: self._told(self._answered),
            NO: self._told(self._answered),
            BOARD: self._told(self._board),
            NOTED: self._told(self._noted),
            REPLAY: self._told(self._replay),
        }

    def _told(self, deed: Deed) -> OnPress:
        async def tell(interaction: AnyInteraction, press: Press) -> None:
            text = await patiently(interaction, deed(interaction, press))
            await answer(interaction, text)

        return tell

    async def _campaign(self, interaction: AnyInteraction, press: Press) -> None:
        guild_id, reader = interaction.guild_id or 0, language(interaction)
        plan = await self._promoter.plan(press.space_id, guild_id)
        require_host(interaction, plan)
        if press.verb in STATES:
            turned = self._promoter.turn(plan.id, guild_id, STATES[press.verb])
            await patiently(interaction, turned, in_place=True)
        outlook = await self._promoter.outlook(plan.id, guild_id)
        settings = self._promoter.settings
        text = preview.preview(self._words, reader, outlook, settings)
        buttons = preview.buttons(self._words, reader, outlook)
        await change(interaction, text, buttons)

    async def _answered(self, interaction: AnyInteraction, press: Press) -> str:
        comes = press.verb == YES
        user_id = interaction.user.id
        plan = await self._guestbook.answer(press.space_id, user_id, comes=comes)
        params: Params = {
            "topic": plan.topic,
            "starts_at": plan.starts_at,
            "space_channel": plan.channel_id,
        }
        key = "guest.will_come" if comes else "guest.will_not_come"
        return self._words.say(language(interaction), key, params)

    async def _board(self, interaction: AnyInteraction, press: Press) -> str:
        gathered = await self._gathered(press)
        if interaction.user.id != gathered.plan.host_id:
            require_host(interaction, gathered.plan)
        return await self._guestbook.board(press.space_id, language(interaction))

    async def _noted(self, interaction: AnyInteraction, press: Press) -> str:
        return self._words.say(language(interaction), "done")

    async def _replay(self, interaction: AnyInteraction, press: Press) -> str:
        reader, gathered = language(interaction), await self._gathered(press)
        plan, space = gathered.plan, gathered.space
        if plan.state is PlanState.OPENED:
            params: Params = {"space_channel": plan.channel_id}
            return self._words.say(reader, "promo.replay.live", params)
        if space is None or not gathered.recorded:
            return self._words.say(reader, "promo.replay.none")
        template = self._promoter.settings.replay_url
        if template:
            text = self._words.say(reader, "promo.replay.here")
            return f"{text}\n{template.replace('{space}', str(space.id))}"
        if self._page.is_on and is_moderator(interaction.user):
            viewer = Viewer(
                user_id=interaction.user.id,
                guild_id=plan.guild_id,
                name=interaction.user.display_name,
                language=reader,
            )
            text = self._words.say(reader, "review.link")
            return f"{text}\n{self._page.link(viewer)}"
        return self._words.say(reader, "promo.replay.closed", {"host_id": plan.host_id})

    async def _gathered(self, press: Press) -> Gathered:
        gathered = await self._promoter.gathered(press.space_id)
        if gathered is None:
            raise PlanRefused("plan.unknown")
        return gathered
