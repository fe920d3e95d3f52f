"""What discord.py asks and what the stand-in answers, judged by Discord's description.

Each exercise does with a real client what a bot that runs Spaces does; afterwards
every exchange must be as the OpenAPI description says.
"""

import asyncio
import datetime
import io

import discord
import pytest
from discord import app_commands
from discord.http import Route

from tests.bot.rehearsal.standin.client import connected
from tests.bot.rehearsal.standin.openapi import judge
from tests.bot.waiting import until

HOUR = datetime.timedelta(hours=1)
GUILD_ONLY = discord.PrivacyLevel.guild_only


async def messages(stand_in, bot):
    """Send, edit, react, pin, thread, delete."""
    channel = bot.get_channel(stand_in.text_channel_id)
    embed = discord.Embed(title="Topic", description="Tea", colour=0x3366FF)
    embed.add_field(name="Host", value="Elena").set_footer(text="Tertulia")
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Raise hand", custom_id="hand", emoji="✋"))
    view.add_item(discord.ui.Button(label="Rules", url="https://example.org/"))
    view.add_item(
        discord.ui.Select(
            custom_id="tongue",
            placeholder="Language",
            options=[discord.SelectOption(label="Español", value="es", emoji="🗣️")],
        )
    )
    view.add_item(discord.ui.UserSelect(custom_id="who"))
    panel = await channel.send("Panel", embed=embed, view=view)
    await panel.edit(content="Panel, live", embed=embed)
    file = discord.File(io.BytesIO(b"WEBVTT"), "transcript.vtt", description="Words")
    report = await channel.send("Report", file=file)
    assert await report.attachments[0].read() == b"WEBVTT"
    reply = await panel.reply("Answer", mention_author=False)
    await panel.add_reaction("✋")
    await stand_in.member("Bruno").react(panel.id, "✋")
    await panel.remove_reaction("✋", bot.user)
    fetched = await channel.fetch_message(panel.id)
    assert [(one.emoji, one.count, one.me) for one in fetched.reactions] == [
        ("✋", 1, False)
    ]
    assert [one async for one in fetched.reactions[0].users()]
    await panel.clear_reactions()
    await panel.pin()
    assert [one.id async for one in channel.pins()] == [panel.id]
    await panel.unpin()
    assert [one.id async for one in channel.history(limit=2)] == [reply.id, report.id]
    await channel.delete_messages([reply, report])
    await channel.typing()
    await panel.delete()


async def layouts(stand_in, bot):
    """Send a message made of components alone."""
    channel = bot.get_channel(stand_in.text_channel_id)
    view = discord.ui.LayoutView(timeout=None)
    box = discord.ui.Container(accent_colour=0x224466)
    box.add_item(discord.ui.TextDisplay("# Tea"))
    box.add_item(discord.ui.Separator())
    button = discord.ui.Button(label="More", custom_id="more")
    box.add_item(discord.ui.Section("Elena speaks", accessory=button))
    row = discord.ui.ActionRow(discord.ui.Button(label="Hand", custom_id="hand"))
    box.add_item(row)
    view.add_item(box)
    sent = await channel.send(view=view)
    assert sent.flags.components_v2
    await sent.edit(view=view)


async def threads(stand_in, bot):
    """Open threads with and without a message, write in them, archive them."""
    channel = bot.get_channel(stand_in.text_channel_id)
    start = await channel.send("Captions")
    thread = await start.create_thread(name="Captions", auto_archive_duration=1440)
    line = await thread.send("First line")
    await thread.add_user(channel.guild.get_member(stand_in.member("Emma").id))
    assert len(await thread.fetch_members()) == 2
    await thread.edit(archived=True)
    assert [one.id async for one in channel.archived_threads()] == [thread.id]
    with pytest.raises(discord.HTTPException, match="50083"):
        await line.edit(content="First words")
    await thread.edit(archived=False)
    await line.edit(content="First words")
    await thread.edit(archived=True)
    await thread.send("Whoever writes in a thread opens it again")
    assert thread.id in [one.id for one in await channel.guild.active_threads()]
    kind = discord.ChannelType.public_thread
    alone = await channel.create_thread(name="Notes", type=kind)
    assert alone.id in [one.id for one in await channel.guild.active_threads()]
    await alone.delete()


async def rooms(stand_in, bot):
    """Make, change and remove channels, overwrites and roles."""
    guild = bot.guilds[0]
    text = await guild.create_text_channel("notes", topic="Notes")
    talk = await guild.create_voice_channel("lounge", user_limit=10)
    stage = await guild.create_stage_channel("big stage")
    await text.edit(topic="Better notes", slowmode_delay=5)
    await talk.edit(status="Talking about tea", user_limit=5)
    elena = guild.get_member(stand_in.member("Elena").id)
    await talk.set_permissions(elena, connect=True)
    await talk.set_permissions(guild.me, connect=True)
    await talk.set_permissions(guild.default_role, connect=False)
    await talk.set_permissions(elena, overwrite=None)
    assert await guild.fetch_channels()
    assert (await bot.fetch_channel(stage.id)).name == "big stage"
    for channel in (text, talk, stage):
        await channel.delete()
    role = await guild.create_role(name="Speaker", colour=0x00AA00, mentionable=True)
    await role.edit(name="Speakers", hoist=True)
    bruno = guild.get_member(stand_in.member("Bruno").id)
    await bruno.add_roles(role)
    await until(lambda: role in bruno.roles)
    await bruno.remove_roles(role)
    assert await guild.fetch_roles()
    await role.delete()
    hook = await bot.get_channel(stand_in.text_channel_id).create_webhook(name="Echo")
    await hook.send("Through a hook", wait=True)
    await hook.delete()


async def people(stand_in, bot):
    """Read, rename, time out, mute, move, kick."""
    guild = bot.guilds[0]
    frank = await guild.fetch_member(stand_in.member("Frank").id)
    await frank.edit(nick="Frankie")
    await frank.timeout(HOUR)
    await frank.timeout(None)
    assert [one async for one in guild.fetch_members()]
    assert await guild.query_members("Em", presences=True)
    assert (await bot.fetch_user(frank.id)).name == "frank"
    with pytest.raises(discord.HTTPException) as refused:
        await frank.edit(mute=True)
    assert refused.value.code == 40032
    await stand_in.member("Frank").join(stand_in.voice_channel_id)
    await frank.edit(mute=True, deafen=True)
    await frank.edit(mute=False, deafen=False)
    await frank.move_to(bot.get_channel(stand_in.stage_channel_id))
    assert (await frank.fetch_voice()).suppress
    await frank.edit(suppress=False)
    await frank.move_to(None)
    direct = await frank.create_dm()
    await direct.send("Good evening")
    await frank.kick()


async def stages(stand_in, bot):
    """Open, retitle and close a stage."""
    stage = bot.get_channel(stand_in.stage_channel_id)
    instance = await stage.create_instance(topic="Tea", send_start_notification=True)
    with pytest.raises(discord.HTTPException) as refused:
        await stage.create_instance(topic="Again")
    assert refused.value.code == 150006
    await instance.edit(topic="Tea and cake")
    assert (await stage.fetch_instance()).topic == "Tea and cake"
    await instance.delete()
    with pytest.raises(discord.NotFound) as missing:
        await stage.fetch_instance()
    assert missing.value.code == 10067


async def events(stand_in, bot):
    """Plan, change, start and end events; repeat one, with an exception."""
    guild = bot.guilds[0]
    soon = discord.utils.utcnow() + HOUR
    stage = bot.get_channel(stand_in.stage_channel_id)
    event = await guild.create_scheduled_event(
        name="Tea", start_time=soon, channel=stage, privacy_level=GUILD_ONLY
    )
    outside = await guild.create_scheduled_event(
        name="Picnic",
        start_time=soon,
        end_time=soon + HOUR,
        location="Retiro",
        entity_type=discord.EntityType.external,
        privacy_level=GUILD_ONLY,
    )
    await stand_in.member("Emma").rsvp(event.id)
    assert [one.name async for one in event.users()] == ["emma"]
    await event.edit(description="With cake")
    event = await event.start()
    event = await event.end()
    await outside.cancel()
    assert await guild.fetch_scheduled_events(with_counts=True) == []
    await event.delete()
    await repeated(stand_in, bot, soon)


async def repeated(stand_in, bot, soon):
    """Use what discord.py has no methods for: recurrence and exceptions."""
    base = f"/guilds/{stand_in.guild_id}/scheduled-events"
    weekly = {"start": soon.isoformat(), "frequency": 2, "interval": 1}
    body = {
        "name": "Weekly tea",
        "privacy_level": 2,
        "entity_type": 2,
        "channel_id": str(stand_in.voice_channel_id),
        "scheduled_start_time": soon.isoformat(),
        "recurrence_rule": weekly | {"by_weekday": [soon.weekday()]},
    }
    made = await bot.http.request(Route("POST", base), json=body)
    one = f"{base}/{made['id']}"
    cancelled = {
        "original_scheduled_start_time": (soon + 7 * 24 * HOUR).isoformat(),
        "is_canceled": True,
    }
    exception = await bot.http.request(
        Route("POST", f"{one}/exceptions"), json=cancelled
    )
    which = exception["event_exception_id"]
    await bot.http.request(
        Route("PATCH", f"{one}/exceptions/{which}"), json={"is_canceled": False}
    )
    await bot.http.request(
        Route("GET", f"{one}/users/counts"),
        params={"guild_scheduled_event_exception_ids": which},
    )
    await bot.http.request(Route("DELETE", f"{one}/exceptions/{which}"))


async def commands(stand_in, bot):
    """Register commands, globally and in the guild; read and remove them."""
    _add_commands(bot)
    made = await bot.tree.sync()
    guild = discord.Object(stand_in.guild_id)
    bot.tree.copy_global_to(guild=guild)
    await bot.tree.sync(guild=guild)
    assert await bot.tree.fetch_commands()
    await made[0].edit(default_member_permissions=discord.Permissions.none())
    assert await bot.tree.fetch_command(made[0].id)
    await made[0].delete()
    await bot.application_info()
    await bot.fetch_guild(stand_in.guild_id)
    assert [one async for one in bot.fetch_guilds()]


async def interactions(stand_in, bot):
    """Answer every kind of interaction in every way."""
    _add_commands(bot)
    await bot.tree.sync()
    seen, elena = stand_in.sightings, stand_in.member("Elena")
    asked = await elena.command("ask", {"what": "tea", "who": "Emma", "count": 3})
    panel = await seen.message(lambda one: one["content"] == "panel")
    await seen.message(lambda one: one["content"] == "follow-up")
    assert asked.original_id == int(panel["id"])
    await elena.autocomplete("ask", "what", {"what": "tu"})
    await elena.click(int(panel["id"]), "edit")
    await seen.message(lambda one: one["content"] == "edited")
    opened = await elena.click(int(panel["id"]), "modal")
    await seen.first(lambda _: opened.modal is not None, "a modal")
    await elena.fill(opened, {"name": "Zoe", "tongue": ["es"]})
    await seen.message(lambda one: one["content"] == "hello Zoe, es")
    message = await elena.type(stand_in.text_channel_id, "worth keeping")
    await elena.use_menu("Mark", message_id=int(message["id"]))
    await seen.message(lambda one: one["content"] == "marked worth keeping")
    await elena.use_menu("Mute", user_id=stand_in.member("Bruno").id)
    await seen.message(lambda one: one["content"] == "later: Bruno")


class Question(discord.ui.Modal, title="Who are you?"):
    """A modal with a text and a choice."""

    name = discord.ui.Label(
        text="Name", component=discord.ui.TextInput(custom_id="name", max_length=20)
    )
    tongue = discord.ui.Label(
        text="Language",
        component=discord.ui.Select(
            custom_id="tongue",
            options=[discord.SelectOption(label="Español", value="es")],
        ),
    )

    async def on_submit(self, interaction):
        name, (tongue,) = self.name.component.value, self.tongue.component.values
        await interaction.response.send_message(f"hello {name}, {tongue}")


class Panel(discord.ui.View):
    """Two buttons."""

    def __init__(self):
        super().__init__(timeout=None)

    @discord.ui.button(label="Edit", custom_id="edit")
    async def edit(self, interaction, button):
        await interaction.response.edit_message(content="edited")

    @discord.ui.button(label="Modal", custom_id="modal")
    async def modal(self, interaction, button):
        await interaction.response.send_modal(Question())


def _add_commands(bot):
    @bot.tree.command(name="ask", description="Ask something")
    @app_commands.describe(what="What about", who="Whom", count="How often")
    @app_commands.choices(count=[app_commands.Choice(name="thrice", value=3)])
    async def ask(
        interaction: discord.Interaction,
        what: app_commands.Range[str, 1, 100],
        who: discord.Member | None = None,
        count: int = 1,
    ):
        assert (what, who.name, count) == ("tea", "emma", 3)
        await interaction.response.send_message("panel", view=Panel())
        sent = await interaction.followup.send("psst", ephemeral=True, wait=True)
        await sent.edit(content="follow-up")

    @ask.autocomplete("what")
    async def what(interaction, current):
        return [app_commands.Choice(name=f"{current}a", value=f"{current}a")]

    @bot.tree.context_menu(name="Mark")
    async def mark(interaction: discord.Interaction, message: discord.Message):
        await interaction.response.send_message(
            f"marked {message.content}", ephemeral=True
        )
        assert await interaction.original_response()

    @bot.tree.context_menu(name="Mute")
    async def mute(interaction: discord.Interaction, member: discord.Member):
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(
            content=f"later: {member.display_name}"
        )


EXERCISES = [
    messages,
    layouts,
    threads,
    rooms,
    people,
    stages,
    events,
    commands,
    interactions,
]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.__name__)
def test_every_exchange_is_as_discord_describes_it(exercise):
    """Requests and responses fit the OpenAPI description, key by key."""

    async def run():
        async with connected() as (stand_in, bot):
            await exercise(stand_in, bot)
            return stand_in.sightings.calls

    described = judge()
    exchanges = asyncio.run(run())

    complaints = [one for each in exchanges for one in described.complaints(each)]
    assert len(exchanges) > 3
    assert complaints == []
