from tests.walls.ground import *
async def test_probe(ground):
    for t in ground.tables:
        n = await ground.admin.fetchval(f"select count(*) from {t.name}")
        print(t.name, n, t.may_read, t.may_insert, t.targets, [c.name for c in t.columns if c.may_update][:3])
    async with ground.entered(ground.facts["guest"], GUEST) as e:
        print(await e.rooms())
    assert 0
