"""Every command of the bot, put on the tree."""

from bot.commands.agenda import agenda_import
from bot.commands.autostart import autostart_command
from bot.commands.calendar import calendar_command
from bot.commands.captions import CaptionCommands, language_command
from bot.commands.chairing import floor_commands, mod_commands
from bot.commands.check import CheckCommands
from bot.commands.floor import FloorCommands
from bot.commands.guests import guest_commands
from bot.commands.help import help_command
from bot.commands.host import HostCommands
from bot.commands.menus import menus
from bot.commands.mod import ModCommands
from bot.commands.outcome import outcome_command
from bot.commands.plan import plan_commands
from bot.commands.preflight import check_space, rehearse
from bot.commands.privacy import PrivacyCommands
from bot.commands.promo import PromoCommands
from bot.commands.questions import AskCommands, QaCommands
from bot.commands.record import RecordCommands, TranscriptCommands
from bot.commands.reminders import reminders_command
from bot.commands.review import review_command
from bot.commands.rules import rules_command, rules_set_command
from bot.commands.single import single_commands
from bot.commands.space import SpaceCommands
from bot.commands.talk import TalkCommands
from bot.commands.templates import template_commands
from bot.commands.topic import TopicCommands
from bot.commands.wording import describe
from bot.door import Door
from bot.page.service import PageService
from bot.planning.service import PlanningService
from bot.preflight.service import PreflightService
from bot.privacy.service import PrivacyService
from bot.promotion.service import PromotionService
from bot.tree import Tree
from bot.voicecheck import VoiceChecks


def register(
    tree: Tree,
    door: Door,
    planning: PlanningService,
    page: PageService,
    checks: VoiceChecks,
    promotion: PromotionService,
    preflight: PreflightService,
    privacy: PrivacyService,
) -> None:
    """Add every group, command and menu, with its words."""
    house, planner = door.rooms.house, planning.planner
    space = SpaceCommands(door)
    zone = house.config.discord.time_zone
    for command in plan_commands(door, planning, zone):
        space.add_command(command)
    for command in template_commands(door, planning):
        space.add_command(command)
    space.add_command(review_command(door, page))
    space.add_command(outcome_command(door))
    space.add_command(calendar_command(door, planning, page))
    space.add_command(reminders_command(door))
    space.add_command(autostart_command(door))
    space.add_command(rules_set_command(door, tree.failed))
    floor, mod = FloorCommands(door), ModCommands(door, house.clock)
    for command in floor_commands(door):
        floor.add_command(command)
    for command in mod_commands(door):
        mod.add_command(command)
    transcript = TranscriptCommands(door)
    transcript.add_command(language_command(door))
    topic = TopicCommands(door)
    agenda = agenda_import(door, tree.failed, planner, planning.revising)
    topic.add_command(agenda)
    host = HostCommands(door)
    for command in guest_commands(
        promotion.guestbook, promotion.promoter, planner, door.wording
    ):
        host.add_command(command)
    host.add_command(rehearse(preflight, planner))
    check = CheckCommands(checks)
    check.add_command(check_space(preflight, planner))
    for group in (
        space,
        floor,
        host,
        PromoCommands(promotion.promoter, planner, door.wording, tree),
        topic,
        TalkCommands(door),
        mod,
        RecordCommands(door),
        transcript,
        CaptionCommands(door),
        PrivacyCommands(door, privacy),
        AskCommands(door),
        QaCommands(door),
        check,
    ):
        tree.add_command(group)
    tree.add_command(help_command(door))
    tree.add_command(rules_command(door))
    for command in single_commands(door):
        tree.add_command(command)
    for menu in menus(door, house.clock):
        tree.add_menu(menu)
    describe(tree, door.wording.catalogue)
