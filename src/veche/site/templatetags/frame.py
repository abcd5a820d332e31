"""Puts Django templates of other packages (allauth) into the frame of our pages."""

from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.loader import render_to_string

register = template.Library()


class FrameNode(template.Node):
    """A title and a content, rendered by Django, framed by Jinja."""

    child_nodelists = ("title", "content")

    def __init__(self, title: NodeList, content: NodeList) -> None:
        self.title = title
        self.content = content

    def render(self, context: Any) -> str:
        """Render both and put them into `site/foreign.html`."""
        parts = {"title": self.title.render(context).strip(), "content": self.content.render(context)}
        return render_to_string("site/foreign.html", parts, request=context.get("request"))


@register.tag
def frame(parser: Parser, token: Token) -> FrameNode:
    """`{% frame %} title {% framed %} content {% endframe %}`."""
    del token
    title = parser.parse(("framed",))
    parser.delete_first_token()
    content = parser.parse(("endframe",))
    parser.delete_first_token()
    return FrameNode(title, content)
