import os
from tests.walls.mutants import function_mutants, policy_mutants, WEAKENED
from tests.walls.test_mutants import _noticed
from tests.walls.attacks import ATTACKS
from tests.walls.issue_attacks import ISSUE_ATTACKS
NEW = "signpost issue issue_message escalation_step step_trail step_summary consent step_message step_note agenda_item issue_notice identity_disclosure theme_offer theme_signature theme theme_trust theme_answer raiser".split()
START=[i for i,w in enumerate(WEAKENED) if w[0]=="access.leave_trace"][0]
FN={w[0].split("(")[0] for w in WEAKENED[START:]}
async def test_x(ground):
    which=os.environ.get("WHICH","p")
    ms = await (policy_mutants if which=="p" else function_mutants)(ground.admin)
    if which=="p": ms=[m for m in ms if m.name.split(" on graph.")[1].split()[0] in NEW]
    else: ms=[m for m in ms if m.name.split("(")[0] in FN]
    order=list(ISSUE_ATTACKS)+list(ATTACKS)
    for m in ms:
        async with ground.changed(m.loosen, m.mend):
            if await _noticed(ground, order) is None: print("SURVIVES", m.name, flush=True)
    print("DONE", len(ms))
