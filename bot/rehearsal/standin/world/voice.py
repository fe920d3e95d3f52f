"""Voice states: joining, leaving, moving, muting, suppressing, asking to speak.

Rules (Discord, "Voice" resource and "Modify Guild Member"):
1. Permissions are computed when somebody joins or is moved; a later SPEAK overwrite
   changes nothing until then.
2. Everybody lands suppressed on a stage, bots too.
3. A server mute belongs to the member: it survives leaving, and cannot be changed
   while they are not in voice (40032).
4. Who is not allowed in, or finds the room full, gets no event at all.
5. On a stage, unsuppressing a human invites them: they speak only once they accept.
"""

from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import (
    Refusal,
    bad_field,
    missing_access,
    missing_permissions,
    not_in_voice,
    unknown,
)
from bot.rehearsal.standin.wire import Json, iso_or_none
from bot.rehearsal.standin.world.channels import Channel, ChannelType
from bot.rehearsal.standin.world.state import VoiceState, World


def to_json(world: World, state: VoiceState, *, gone: bool = False) -> Json:
    """Return the voice state object; ``gone`` writes the channel as null."""
    member = world.guild.members[state.user_id]
    return {
        "guild_id": str(world.guild.id),
        "channel_id": None if gone else str(state.channel_id),
        "user_id": str(state.user_id),
        "member": member.to_json(),
        "session_id": state.session_id,
        "deaf": member.deaf,
        "mute": member.mute,
        "self_deaf": state.self_deaf,
        "self_mute": state.self_mute,
        "self_stream": False,
        "self_video": False,
        "suppress": state.suppress,
        "request_to_speak_timestamp": iso_or_none(state.hand_raised_at),
    }


def is_heard(world: World, user_id: int) -> bool:
    """Say whether the voice server forwards what this member says."""
    state = world.voice.get(user_id)
    if state is None or world.guild.members[user_id].mute or state.self_mute:
        return False
    return not state.suppress and state.hand_raised_at is None


def people(world: World, channel_id: int) -> list[int]:
    """Return who is in a voice channel, first come first."""
    return [one.user_id for one in world.voice.values() if one.channel_id == channel_id]


def may_enter(world: World, user_id: int, channel: Channel) -> bool:
    """Say whether the room lets somebody in who asks for it."""
    granted = world.granted(user_id, channel)
    if Permission.CONNECT not in granted:
        return False
    full = 0 < channel.user_limit <= len(people(world, channel.id))
    return not full or Permission.MOVE_MEMBERS in granted


def join(
    world: World,
    user_id: int,
    channel_id: int,
    *,
    session_id: str,
    self_mute: bool = False,
    self_deaf: bool = False,
) -> bool:
    """Connect somebody, or update how they are connected; say whether it happened."""
    channel = world.guild.channels.get(channel_id)
    if channel is None or not channel.is_voice:
        return False
    state = world.voice.get(user_id)
    here = state is not None and state.channel_id == channel_id
    if state is None or not here or state.session_id != session_id:
        if not here and not may_enter(world, user_id, channel):
            return False
        state = _enter(world, user_id, channel, session_id)
    state.session_id = session_id
    state.self_mute, state.self_deaf = self_mute, self_deaf
    announce(world, state)
    return True


def leave(world: World, user_id: int) -> None:
    """Disconnect somebody; nothing happens if they are not in voice."""
    state = world.voice.pop(user_id, None)
    if state is None:
        return
    state.suppress, state.hand_raised_at = False, None
    world.announce("VOICE_STATE_UPDATE", to_json(world, state, gone=True))


def announce(world: World, state: VoiceState) -> None:
    """Tell everybody a voice state as it is now."""
    world.announce("VOICE_STATE_UPDATE", to_json(world, state))


def set_self(
    world: World, user_id: int, *, mute: bool | None = None, deaf: bool | None = None
) -> None:
    """Mute or deafen oneself, as the buttons of the client do."""
    state = state_of(world, user_id)
    state.self_mute = state.self_mute if mute is None else mute
    state.self_deaf = state.self_deaf if deaf is None else deaf
    announce(world, state)


def server_mute(
    world: World, actor_id: int, user_id: int, *, mute: bool | None, deaf: bool | None
) -> None:
    """Mute or deafen a member everywhere. The role hierarchy does not matter here."""
    member = world.member(user_id)
    state = world.voice.get(user_id)
    where = None if state is None else world.guild_channel(state.channel_id)
    if mute is not None:
        world.require(actor_id, Permission.MUTE_MEMBERS, where)
    if deaf is not None:
        world.require(actor_id, Permission.DEAFEN_MEMBERS, where)
    if state is None or where is None:
        raise not_in_voice()
    member.mute = member.mute if mute is None else mute
    member.deaf = member.deaf if deaf is None else deaf
    if mute is False and where.type is ChannelType.VOICE:
        state.suppress = False  # the quirk of JDA #1781: it lifts a missing SPEAK too
    announce(world, state)


def move(world: World, actor_id: int, user_id: int, channel_id: int | None) -> None:
    """Move a member to another voice channel, or disconnect them with None."""
    state = world.voice.get(user_id)
    world.require(actor_id, Permission.MOVE_MEMBERS)
    if state is None:
        raise not_in_voice()
    if channel_id is None:
        leave(world, user_id)
        return
    channel = world.guild_channel(channel_id)
    if not channel.is_voice:
        words = "Channel is not a voice channel."
        raise bad_field(("channel_id",), "CHANNEL_TYPE_INVALID", words)
    if Permission.CONNECT not in world.granted(actor_id, channel):
        raise missing_access()
    if channel.id != state.channel_id:
        moved = _enter(world, user_id, channel, state.session_id)
        moved.self_mute, moved.self_deaf = state.self_mute, state.self_deaf
        state = moved
    announce(world, state)


def set_suppress(world: World, actor_id: int, user_id: int, suppress: bool) -> None:
    """Take somebody off the stage, or bring them (a human must accept) onto it."""
    state, channel = on_stage(world, user_id)
    if actor_id != user_id or not suppress:
        world.require(actor_id, Permission.MUTE_MEMBERS, channel)
    if suppress == state.suppress and not (suppress and state.hand_raised_at):
        return
    human = not world.member(user_id).user.bot
    state.suppress, state.hand_raised_at, state.invited = suppress, None, False
    if not suppress and human and actor_id != user_id:
        state.hand_raised_at, state.invited = world.now(), True
    announce(world, state)


def set_hand(world: World, user_id: int, at: float | None) -> None:
    """Raise one's own hand at ``at``, or take it down with None."""
    state, channel = on_stage(world, user_id)
    if at is not None:
        world.require(user_id, Permission.REQUEST_TO_SPEAK, channel)
        if not state.suppress:
            return
    state.hand_raised_at = at
    announce(world, state)


def answer_invitation(world: World, user_id: int, *, accept: bool) -> None:
    """Accept or decline being brought onto the stage.

    Raises:
        Refusal: nobody invited them.

    """
    state, _ = on_stage(world, user_id)
    if not state.invited:
        raise Refusal(400, 50035, "There is no invitation to speak to answer.")
    state.invited, state.hand_raised_at = False, None
    state.suppress = not accept
    announce(world, state)


def on_stage(world: World, user_id: int) -> tuple[VoiceState, Channel]:
    """Return somebody's voice state and stage, or refuse if it is no stage."""
    state = state_of(world, user_id)
    channel = world.guild_channel(state.channel_id)
    if channel.type is not ChannelType.STAGE:
        raise Refusal(400, 50024, "Cannot execute action on this channel type")
    return state, channel


def state_of(world: World, user_id: int) -> VoiceState:
    """Return somebody's voice state or refuse with 10065."""
    if user_id not in world.voice:
        raise unknown(10065, "Voice State")
    return world.voice[user_id]


def require_there(state: VoiceState, channel_id: int | None) -> None:
    """Refuse a change of a voice state in a channel the member is not in."""
    if channel_id is not None and channel_id != state.channel_id:
        raise missing_permissions()


def _enter(world: World, user_id: int, channel: Channel, session_id: str) -> VoiceState:
    stage = channel.type is ChannelType.STAGE
    silent = Permission.SPEAK not in world.granted(user_id, channel)
    world.voice.pop(user_id, None)
    state = VoiceState(user_id, channel.id, session_id, suppress=stage or silent)
    world.voice[user_id] = state
    return state
