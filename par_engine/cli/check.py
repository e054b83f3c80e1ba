"""`par check`: what can be shown of a methodology without evidence."""

from __future__ import annotations

from par_engine.base.problems import ParError, Problem
from par_engine.cli.options import IdOrPath, Json, Lang
from par_engine.cli.output import complain, print_json, say
from par_engine.i18n.catalogue import text
from par_engine.plugins import installed


def check_command(
    what: IdOrPath,
    json: Json = False,
    lang: Lang = "vi",
) -> int:
    """Print the faults and the claims of each methodology found; 1 when there is a fault."""
    from par_engine.authoring.places import placed
    from par_engine.authoring.proof import prove
    from par_engine.authoring.sources import find

    try:
        found = find(what)
    except ParError as error:
        if not json:
            raise type(error)(placed(error.problems, what)) from None
        print_json([{"id": what, "problems": [problem.as_dict() for problem in error.problems], "claims": []}])
        return 1
    known = {listing.id for listing in installed()} | {methodology.id for methodology in found}
    proofs = [(methodology, prove(methodology.scheme, known)) for methodology in found]
    problems: list[Problem] = [problem for _, proof in proofs for problem in proof.problems]
    if json:
        print_json(
            [
                {
                    "id": methodology.id,
                    "fingerprint": methodology.fingerprint,
                    "problems": [problem.as_dict() for problem in proof.problems],
                    "claims": [claim.as_dict() for claim in proof.claims],
                }
                for methodology, proof in proofs
            ]
        )
        return 1 if problems else 0
    how = {"proved": text("cli.check", "proved", lang), "sampled": text("cli.check", "sampled", lang)}
    for methodology, proof in proofs:
        say(f"{methodology.id} {methodology.fingerprint[:8]}")
        for claim in proof.claims:
            say(f"  {how[claim.how]}: {claim.text.get(lang)} ({claim.count})")
    if problems:
        complain(placed(problems, what), lang)
        return 1
    say(text("cli.check", "sound", lang))
    return 0
