"""What a method that is modelled may be asked for and the simulator does not do: 501, never `ok`.

Every parameter of such a method is read where the method is written, or stands here. Left empty, it
asks for nothing and is let through.
"""

from __future__ import annotations

from typing import Any

from simulator.errors import missing
from simulator.schema import METHODS

WHEREVER = frozenset(
    {
        "allow_paid_broadcast", "business_connection_id", "direct_messages_topic_id",
        "ephemeral_message_parameters", "has_spoiler", "message_effect_id", "receiver_user_id",
        "rich_message", "suggested_post_parameters", "thumbnail", "video_start_timestamp",
        "heading", "horizontal_accuracy", "proximity_alert_radius",
        "foursquare_id", "foursquare_type", "google_place_id", "google_place_type",
        "remove_caption", "return_bots", "revoke_messages",
        "allow_adding_options", "correct_option_id", "correct_option_ids", "country_codes",
        "description_entities", "description_parse_mode", "explanation", "explanation_entities",
        "explanation_media", "explanation_parse_mode", "hide_results_until_closes",
        "question_entities", "question_parse_mode", "shuffle_options",
    }
)  # fmt: skip
"""Not done by any method that knows them."""
HERE = {low: frozenset({"callback_query_id"}) for low in METHODS if low.startswith("send")}
HERE["sendpoll"] |= {"description"}
HERE["banchatmember"] = frozenset({"until_date"})
"""Not done by these, while others do."""
HARMLESS = frozenset(
    {
        # No simulated phone rings, nothing is animated, no answer is kept by an app, and a file is
        # what its sender says it is. The last one is no parameter of today's documentation.
        "disable_notification", "is_big", "cache_time", "disable_content_type_detection",
        "disable_web_page_preview",
    }
)  # fmt: skip
"""They change nothing that the simulator shows."""

UNMODELLED: dict[str, frozenset[str]] = {
    low: method.fields & (WHEREVER | HERE.get(low, frozenset())) for low, method in METHODS.items()
}
"""By a method's lower-case name."""


def refuse(low: str, params: dict[str, Any]) -> None:
    """ApiError 501 for a call that asks for what its method does not do."""
    for name in UNMODELLED[low] & params.keys():
        if params[name]:
            raise missing(f"{METHODS[low].name} with {name}")
