"""The page Safety: operators, encryption, backups, retention, the proof of the log, the attack drill."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from faceaccess.codes import Right
from faceaccess.gui.layout import column
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.safety.consent_card import ConsentCard
from faceaccess.gui.safety.drill_card import DrillCard
from faceaccess.gui.safety.encryption_card import EncryptionCard
from faceaccess.gui.safety.keeping_cards import BackupCard, RetentionCard
from faceaccess.gui.safety.operator_list import OperatorList
from faceaccess.gui.safety.proof_card import ProofCard
from faceaccess.gui.safety.transfer_card import TransferCard
from faceaccess.gui.widgets.section_page import SectionPage
from faceaccess.gui.window import entries

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.gui.live_bridge import LiveBridge
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies
    from faceaccess.upkeep.keeping import Keeping


class SafetyPage(Page):
    """Cards for an admin; an auditor sees the proof alone."""

    entry = entries.SAFETY

    closed = Signal()
    restore_wanted = Signal(str, str)

    def __init__(
        self,
        access: "Access",
        people: "People",
        reception: "Reception",
        keeping: "Keeping",
        policies: "Policies",
        doors: "Doors",
        bridge: "LiveBridge",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._access = access
        self.operators = OperatorList(access, notices, self)
        self.proof = ProofCard(access, people, keeping, policies, notices, self)
        self.encryption = EncryptionCard(access, notices, self)
        self.backups = BackupCard(access, keeping, policies, notices, self)
        self.retention = RetentionCard(access, keeping, policies, notices, self)
        self.consents = ConsentCard(access, reception, policies, notices, self)
        self.transfer = TransferCard(access, reception, notices, self)
        self.drill = DrillCard(
            doors.drills,
            access=access,
            people=people,
            policies=policies,
            bridge=bridge,
            notices=notices,
            parent=self,
        )
        self._sections = sections = SectionPage(self.tr("Safety"), self)
        self._admin_cards = (
            sections.add(self.tr("Who may use the program"), self.operators),
            sections.add(self.tr("Backups"), self.backups),
            sections.add(self.tr("How long personal data is kept"), self.retention),
            sections.add(self.tr("Consent to face recognition"), self.consents),
            sections.add(self.tr("People on other computers"), self.transfer),
            sections.add(self.tr("Encryption"), self.encryption),
        )
        sections.insert(1, self.tr("Proof of the log"), self.proof)
        self._drill_card = sections.insert(2, self.tr("Attack drill"), self.drill)
        column(sections, parent=self)
        self.drill.came_under_way.connect(partial(sections.put_first, self._drill_card))
        self.operators.closed.connect(self.proof.offer)
        self.operators.closed.connect(self.closed)
        self.backups.restore_wanted.connect(self.restore_wanted)

    def load(self) -> None:
        """Show what is in force, as far as the operator may see it."""
        is_admin = self._access.may(Right.MANAGE_OPERATORS)
        for card in self._admin_cards:
            self._sections.offer(card, is_admin)
        self.proof.folder_button.setVisible(is_admin)
        self.proof.load()
        may_drill = self._access.may(Right.SET_POLICY)
        self._sections.offer(self._drill_card, may_drill)
        if may_drill:
            self.drill.load()
        if is_admin:
            for part in (self.operators, self.backups, self.retention, self.consents):
                part.load()
            self.transfer.load()
            self.encryption.load()

    def begin_anew(self) -> None:
        """Name nobody of a drill to whoever has signed in."""
        self.drill.forget()
