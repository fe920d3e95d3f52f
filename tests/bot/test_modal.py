"""Modals on the stand-in: sent while Discord still answers that it shows them."""

import asyncio

from tests.bot.guild import ANA, HOST, run, until


def test_who_is_faster_than_discords_answer_is_heard(tmp_path):
    """The submit comes over the gateway, the answer over REST: in either order."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        await stage.opened()
        await until(stage.panels)
        api, submitted = stage.standin.api, asyncio.Event()
        handle, held = api.handle, []

        async def holding(request):
            answer = await handle(request)
            if request.path.endswith("/callback") and not held:
                held.append(request)
                await submitted.wait()
            return answer

        api.handle = holding
        panel = int(stage.panel()["id"])
        form = await stage.pressed(ANA, panel, "question")
        [line] = [one["component"] for one in form.modal["components"]]
        sent = await stage.member(ANA).fill(form, {line["custom_id"]: "Why rain?"})
        said = await stage.answer(sent)
        submitted.set()
        return len(held), said

    assert run(tmp_path, play) == (1, "Your question is number 1.")
