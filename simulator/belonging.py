"""Where a person stands: blocking a bot, joining and leaving groups, and running one."""

from __future__ import annotations

from simulator.errors import ActError
from simulator.membership import depart, enter, set_status, standing, use_link
from simulator.methods.links import primary_link
from simulator.somebody import Somebody


class Belonging(Somebody):
    """Verbs that change who is where and who may what."""

    def blocks(self) -> None:
        """Block the bot."""
        standing(self.world, self._private(), blocked=True)

    def unblocks(self) -> None:
        """Let the bot write again."""
        standing(self.world, self._private(), blocked=False)

    def deactivates(self) -> None:
        """Delete the account; nobody is told."""
        self.user.deactivated = True
        self.world.events.tell("people", people=[self.id])

    def joins(self, link: str | None = None, *, chat: int | str | None = None) -> bool:
        """Go into a group by invite link, or (as if a member added them) by its id.

        True when they are in, False when they have to wait for an answer.
        """
        self._able()
        self.mark()
        if link is not None:
            return use_link(self.world, self.user, link)[1]
        group = self._group(chat)
        if not group.inside(self.id):
            enter(self.world, group, self.id)
        return True

    def leaves(self) -> None:
        """Leave the group they are in."""
        group = self._group(None)
        if not group.inside(self.id):
            raise ActError("They are not in this group.")
        depart(self.world, group, self.id)

    def adds_bot(self, bot: int | None = None, *, chat: int | str | None = None) -> None:
        """Add a bot (the first one) to a group."""
        group = self._group(chat)
        number = bot or next(iter(self.world.bots))
        if not group.inside(self.id):
            raise ActError("They are not in this group.")
        enter(self.world, group, number, actor=self.user)

    def removes_bot(self, bot: int | None = None, *, chat: int | str | None = None) -> None:
        """Remove a bot from a group they administer."""
        self.removes(bot or next(iter(self.world.bots)), chat=chat)

    def removes(self, user_id: int, *, chat: int | str | None = None) -> None:
        """Remove somebody from a group they administer."""
        group = self._group(chat)
        if not group.admin(self.id):
            raise ActError("Only administrators remove people.")
        depart(self.world, group, user_id, actor=self.user)

    def promotes(self, user_id: int | None = None, *, chat: int | str | None = None) -> None:
        """Make somebody (the first bot) an administrator of a group they own or administer."""
        group = self._group(chat)
        number = user_id or next(iter(self.world.bots))
        if not group.admin(self.id):
            raise ActError("Only administrators promote people.")
        if not group.inside(number):
            raise ActError("They are not in this group.")
        set_status(self.world, group, number, "administrator", actor=self.user.face)

    def demotes(self, user_id: int | None = None, *, chat: int | str | None = None) -> None:
        """Make an administrator a plain member again."""
        group = self._group(chat)
        number = user_id or next(iter(self.world.bots))
        if not group.admin(self.id):
            raise ActError("Only administrators demote people.")
        set_status(self.world, group, number, "member", actor=self.user.face)

    def anonymous(self, on: bool = True) -> None:
        """Write as the group (administrators only), or as themselves again."""
        group = self._group(None)
        if not group.admin(self.id):
            raise ActError("Only administrators write anonymously.")
        group.members[self.id].anonymous = on
        self.world.events.tell("chats", people=self.world.viewers(group))

    def invites(self) -> str:
        """A new primary invite link of a group they administer."""
        group = self._group(None)
        if not group.admin(self.id):
            raise ActError("Only administrators make invite links.")
        return primary_link(group, self.user.face).link
