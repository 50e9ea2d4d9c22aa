"""JupyterLab as students get it, by `jupyter lab --config=tools/student_lab.py`: what a lesson needs, and nothing for who teaches.

Where nbgrader is installed too, its panels for instructors stay closed, and its list of assignments opens only where the course has an
exchange. Without this file, `jupyter lab` shows all of them.
"""

from importlib.util import find_spec

PANELS = {"formgrader": "formgrader", "course-list": "course_list", "validate-assignment": "validate_assignment"}
# A question about news from the internet, on the first day.
hidden = ["@jupyterlab/apputils-extension:announcements"]

c = get_config()  # noqa: F821  (Jupyter defines it)
if find_spec("nbgrader"):
    from autograder.gradebook.exchange import is_set_up

    closed = PANELS if is_set_up() else PANELS | {"assignment-list": "assignment_list", "menu": ""}
    hidden += [f"@jupyter/nbgrader:{plugin}" for plugin in ("create-assignment", *closed)]
    c.ServerApp.jpserver_extensions = {f"nbgrader.server_extensions.{name}": False for name in closed.values() if name}


def without_panels(handler, page_config):
    """What JupyterLab's page is made with, less the plug-ins that are hidden."""
    return page_config | {"disabledExtensions": [*page_config.get("disabledExtensions", ()), *hidden]}


c.ServerApp.tornado_settings = {"page_config_hook": without_panels}
