"""`par`: the commands by name and place; a module is imported when its command runs, or its help is asked for."""

from __future__ import annotations

import errno
import gc
import os
import sys

from par_engine.cli import streams
from par_engine.cli.typer_app import language, program, refused, taken_out

COMMANDS = {
    "": {
        "list": "list:list_command",
        "template": "template:template_command",
        "show": "show:show_command",
        "score": "score:score_command",
        "explain": "explain:explain_command",
        "improve": "improve:improve_command",
        "what-if": "improve:what_if_command",
        "validate": "score:validate_command",
        "schema": "schema:schema_command",
        "plan": "plan:call_plan_command",
        "assign": "agencies:assign_command",
        "split": "agencies:split_command",
        "merge": "agencies:merge_command",
        "scorecard": "agencies:scorecard_command",
        "audit": "audit:audit_command",
        "robust": "robust:robust_command",
        "page": "publishing:page_command",
        "report": "report:report_command",
        "book": "publishing:book_command",
        "import": "annex:import_command",
        "export": "annex:export_command",
        "cases": "cases:cases_command",
        "check": "check:check_command",
        "new": "new:new_command",
        "diff": "diff:diff_command",
        "compare": "compare:compare_command",
        "docs": "docs:docs_command",
        "lineage": "lineage:lineage_command",
        "test": "cases:test_command",
    },
    "round": {
        "init": "round_actions:init_command",
        "submit": "round_actions:round_submit_command",
        "appraise": "round_actions:round_appraise_command",
        "explain": "round_actions:round_explain_command",
        "survey": "round_entries:survey_command",
        "form": "round_entries:form_command",
        "done": "round_actions:round_done_command",
        "plan": "plan:round_plan_command",
        "status": "round_actions:status_command",
        "history": "round_actions:history_command",
        "score": "round_actions:score_command",
        "report": "round_report:report_command",
        "verify": "round_actions:verify_command",
        "export": "round_actions:export_command",
        "recompute": "round_actions:recompute_command",
    },
    "survey": {
        "tally": "survey_tally:tally_command",
        "form": "survey_form:form_command",
        "template": "survey_form:survey_template_command",
        "tokens": "survey_form:tokens_command",
        "report": "survey_tally:report_command",
    },
    "respondents": {
        "template": "survey_form:respondents_template_command",
        "check": "respondents:check_command",
        "export": "respondents:export_command",
        "draw": "respondents:draw_command",
    },
}
"""By group: where each command is done, as MODULE:FUNCTION below `par_engine.cli`; "" is the program itself."""

app = program(COMMANDS)


def run(arguments: list[str] | None = None) -> None:
    """Run `par` and exit: 0 good, 1 problems in the input, 2 wrong usage, 130 interrupted."""
    if arguments is None:
        streams.in_utf8()
    streams.prepare()
    words = list(sys.argv[1:] if arguments is None else arguments)
    _short_lived()
    try:
        code = _ended(words)
    finally:
        gc.freeze()  # all that is left ends with the process: no need to look through it first
    sys.exit(streams.closed(code, language()))


def _ended(words: list[str]) -> int:
    """The code with which a command ends; what keeps it from a result has been said."""
    try:
        words, asked = taken_out(words)
        if asked is not None:
            os.environ["PAR_LANG"] = asked
        code = app.main(args=words, prog_name="par", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except SystemExit as end:  # of what is called, or of the library when the reader of a pipe has gone
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BrokenPipeError:
        streams.forget(sys.stdout)  # the reader has gone: say nothing more
        return 1
    except streams.LostError as error:
        streams.forget(sys.stdout)
        streams.tell(error.reason, language())
        return 1
    except KeyboardInterrupt:
        return 130
    except MemoryError:
        from par_engine.base.problems import problem
        from par_engine.cli.output import complain

        complain([problem("memory", "par")], language())
        return 1
    except OSError as error:  # of what the library prints; all other readers and writers say their own
        if error.filename is not None or error.errno not in (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT):
            raise
        streams.forget(sys.stdout)
        streams.tell(error.strerror or str(error), language())
        return 1
    except Exception as error:
        from par_engine.base.problems import ParError

        if isinstance(error, ParError):
            from par_engine.cli.output import complain

            complain(error.problems, language())
            return 1
        if (told := refused(error)) is None:
            raise
        from par_engine.cli.output import say

        say(told, error=True)
        return 2


def _short_lived() -> None:
    """What a process that ends soon may do without; each costs more than a twentieth of it."""
    gc.set_threshold(100_000, 50, 50)  # imports and documents are no garbage
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads take longer to start than they save
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # nor has another package a say in what is valid
