"""nbgrader's configuration: plain `nbgrader autograde ch03` in this folder grades with our plug-in."""

from autograder.nbgrader_plugin import configure

c = get_config()  # noqa: F821  (nbgrader defines it)
configure(c)
c.CourseDirectory.course_id = "llm-from-scratch"
