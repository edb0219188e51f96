<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>AdaptingView</name>
    <message numerus="yes">
        <source>%n people have agreed to it and have two pictures or more</source>
        <translation>
            <numerusform>%n person has agreed to it and has two pictures or more</numerusform>
            <numerusform>%n people have agreed to it and have two pictures or more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> ({0}, %n door pictures).</source>
        <translation>
            <numerusform> ({0}, %n door picture).</numerusform>
            <numerusform> ({0}, %n door pictures).</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n others&apos; consent doesn&apos;t cover it: add the line on learning to the text under Safety, Consent, and ask them anew.</source>
        <translation>
            <numerusform>%n other&apos;s consent doesn&apos;t cover it: add the line on learning to the text under Safety, Consent, and ask them anew.</numerusform>
            <numerusform>%n others&apos; consent doesn&apos;t cover it: add the line on learning to the text under Safety, Consent, and ask them anew.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AttendancePage</name>
    <message numerus="yes">
        <source>%n rows</source>
        <translation>
            <numerusform>One row</numerusform>
            <numerusform>%n rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BackupCard</name>
    <message numerus="yes">
        <source>%n people</source>
        <translation>
            <numerusform>%n person</numerusform>
            <numerusform>%n people</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows of the log</source>
        <translation>
            <numerusform>%n row of the log</numerusform>
            <numerusform>%n rows of the log</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CameraNotice</name>
    <message numerus="yes">
        <source>Next try in %n s.</source>
        <translation>
            <numerusform>Next try in %n s.</numerusform>
            <numerusform>Next try in %n s.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConsentCard</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConsentsDue</name>
    <message numerus="yes">
        <source>%n more, after these.</source>
        <translation>
            <numerusform>%n more, after these.</numerusform>
            <numerusform>%n more, after these.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Counts</name>
    <message numerus="yes">
        <source>%n people</source>
        <translation>
            <numerusform>%n person</numerusform>
            <numerusform>%n people</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n months</source>
        <translation>
            <numerusform>%n month</numerusform>
            <numerusform>%n months</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photos</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n passes</source>
        <translation>
            <numerusform>{0} of %n pass</numerusform>
            <numerusform>{0} of %n passes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>those of %n passes, not told apart</source>
        <translation>
            <numerusform>those of %n pass, not told apart</numerusform>
            <numerusform>those of %n passes, not told apart</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n reconnects in the last hour</source>
        <translation>
            <numerusform>%n reconnect in the last hour</numerusform>
            <numerusform>%n reconnects in the last hour</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n times in ten minutes, somebody was not confirmed as live</source>
        <translation>
            <numerusform>%n time in ten minutes, somebody was not confirmed as live</numerusform>
            <numerusform>%n times in ten minutes, somebody was not confirmed as live</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tries</source>
        <translation>
            <numerusform>%n try</numerusform>
            <numerusform>%n tries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeletedList</name>
    <message numerus="yes">
        <source>Erased for good %n days after they were deleted.</source>
        <translation>
            <numerusform>Erased for good %n day after they were deleted.</numerusform>
            <numerusform>Erased for good %n days after they were deleted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Nobody and nothing was deleted in the last %n days.</source>
        <translation>
            <numerusform>Nobody and nothing was deleted in the last day.</numerusform>
            <numerusform>Nobody and nothing was deleted in the last %n days.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeskQuestions</name>
    <message numerus="yes">
        <source>%n more waiting</source>
        <translation>
            <numerusform>%n more waiting</numerusform>
            <numerusform>%n more waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DistanceBars</name>
    <message numerus="yes">
        <source>%n accepted</source>
        <translation>
            <numerusform>%n accepted</numerusform>
            <numerusform>%n accepted</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n refused</source>
        <translation>
            <numerusform>%n refused</numerusform>
            <numerusform>%n refused</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DoorCard</name>
    <message numerus="yes">
        <source>Delete the %n unknown faces that are kept?</source>
        <translation>
            <numerusform>Delete the unknown face that is kept?</numerusform>
            <numerusform>Delete the %n unknown faces that are kept?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DoorPage</name>
    <message numerus="yes">
        <source>None of %n cameras gives a picture</source>
        <translation>
            <numerusform>The camera gives no picture</numerusform>
            <numerusform>None of %n cameras gives a picture</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EnrolmentPage</name>
    <message numerus="yes">
        <source>%n good photos.</source>
        <translation>
            <numerusform>One good photo.</numerusform>
            <numerusform>%n good photos.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n are left out.</source>
        <translation>
            <numerusform>One is left out.</numerusform>
            <numerusform>%n are left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} is enrolled with %n photos and is recognised at the door from now on.</source>
        <translation>
            <numerusform>{0} is enrolled with one photo and is recognised at the door from now on.</numerusform>
            <numerusform>{0} is enrolled with %n photos and is recognised at the door from now on.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photos added to {0}.</source>
        <translation>
            <numerusform>One photo added to {0}.</numerusform>
            <numerusform>%n photos added to {0}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExpectedPeople</name>
    <message numerus="yes">
        <source>Still to come: {0} of %n people.</source>
        <translation>
            <numerusform>Still to come: {0} of %n person.</numerusform>
            <numerusform>Still to come: {0} of %n people.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GalleryPage</name>
    <message numerus="yes">
        <source>%n more, after these.</source>
        <translation>
            <numerusform>%n more, after these.</numerusform>
            <numerusform>%n more, after these.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GroupsCard</name>
    <message numerus="yes">
        <source>%n people are in no group.</source>
        <translation>
            <numerusform>%n person is in no group.</numerusform>
            <numerusform>%n people are in no group.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message numerus="yes">
        <source>%n new</source>
        <translation>
            <numerusform>%n new</numerusform>
            <numerusform>%n new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n enrolled already, get what is new</source>
        <translation>
            <numerusform>%n enrolled already, gets what is new</numerusform>
            <numerusform>%n enrolled already, get what is new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n whose name is enrolled</source>
        <translation>
            <numerusform>%n whose name is enrolled</numerusform>
            <numerusform>%n whose name is enrolled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n refused</source>
        <translation>
            <numerusform>%n refused</numerusform>
            <numerusform>%n refused</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Import %n people</source>
        <translation>
            <numerusform>Import one person</numerusform>
            <numerusform>Import %n people</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n enrolled</source>
        <translation>
            <numerusform>%n enrolled</numerusform>
            <numerusform>%n enrolled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n got what was new</source>
        <translation>
            <numerusform>%n got what was new</numerusform>
            <numerusform>%n got what was new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unchanged</source>
        <translation>
            <numerusform>%n unchanged</numerusform>
            <numerusform>%n unchanged</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not reached: import again to go on</source>
        <translation>
            <numerusform>%n not reached: import again to go on</numerusform>
            <numerusform>%n not reached: import again to go on</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LogPage</name>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>One entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message numerus="yes">
        <source>%n people are made ready for the model in use, once, from the photos that are kept. The door opens when that is done.</source>
        <translation>
            <numerusform>%n person is made ready for the model in use, once, from the photos that are kept. The door opens when that is done.</numerusform>
            <numerusform>%n people are made ready for the model in use, once, from the photos that are kept. The door opens when that is done.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MapCard</name>
    <message numerus="yes">
        <source>%n of them stand beside the photo that they are most like</source>
        <translation>
            <numerusform>%n of them stands beside the photo that it is most like</numerusform>
            <numerusform>%n of them stand beside the photo that they are most like</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MapView</name>
    <message numerus="yes">
        <source>{0}, {1} unlike the person&apos;s others, %n pairs of look-alikes</source>
        <translation>
            <numerusform>{0}, {1} unlike the person&apos;s others, %n pair of look-alikes</numerusform>
            <numerusform>{0}, {1} unlike the person&apos;s others, %n pairs of look-alikes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelTrialView</name>
    <message numerus="yes">
        <source>{0} of %n people ready</source>
        <translation>
            <numerusform>{0} of %n person ready</numerusform>
            <numerusform>{0} of %n people ready</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Agreed with the model in use on {0} of %n entries</source>
        <translation>
            <numerusform>Agreed with the model in use on {0} of %n entry</numerusform>
            <numerusform>Agreed with the model in use on {0} of %n entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n that neither could decide from one picture</source>
        <translation>
            <numerusform>%n that neither could decide from one picture</numerusform>
            <numerusform>%n that neither could decide from one picture</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were not compared</source>
        <translation>
            <numerusform>%n was not compared</numerusform>
            <numerusform>%n were not compared</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PeoplePage</name>
    <message numerus="yes">
        <source>%n people</source>
        <translation>
            <numerusform>One person</numerusform>
            <numerusform>%n people</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProofCard</name>
    <message numerus="yes">
        <source>%n rows, and all that they name: nothing was changed.</source>
        <translation>
            <numerusform>%n row, and all that it names: nothing was changed.</numerusform>
            <numerusform>%n rows, and all that they name: nothing was changed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… and %n more</numerusform>
            <numerusform>… and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Removal</name>
    <message numerus="yes">
        <source>Because the person asked for it. The face is known nowhere from now on, and erased in %n days; until then it can be undone. An admin is told.</source>
        <translation>
            <numerusform>Because the person asked for it. The face is known nowhere from now on, and erased in %n day; until then it can be undone. An admin is told.</numerusform>
            <numerusform>Because the person asked for it. The face is known nowhere from now on, and erased in %n days; until then it can be undone. An admin is told.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RetentionCard</name>
    <message numerus="yes">
        <source>%n pictures of unknown people</source>
        <translation>
            <numerusform>%n picture of unknown people</numerusform>
            <numerusform>%n pictures of unknown people</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pictures of entries</source>
        <translation>
            <numerusform>%n picture of entries</numerusform>
            <numerusform>%n pictures of entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows of the log</source>
        <translation>
            <numerusform>%n row of the log</numerusform>
            <numerusform>%n rows of the log</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n people who have left</source>
        <translation>
            <numerusform>%n person who has left</numerusform>
            <numerusform>%n people who have left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n deleted people and photos</source>
        <translation>
            <numerusform>%n deleted person or photo</numerusform>
            <numerusform>%n deleted people and photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SelectionPanel</name>
    <message numerus="yes">
        <source>%n people are selected</source>
        <translation>
            <numerusform>One person is selected</numerusform>
            <numerusform>%n people are selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n people are in the department {0}.</source>
        <translation>
            <numerusform>One person is in the department {0}.</numerusform>
            <numerusform>%n people are in the department {0}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n people are in no department.</source>
        <translation>
            <numerusform>One person is in no department.</numerusform>
            <numerusform>%n people are in no department.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Take %n people out of their departments?</source>
        <translation>
            <numerusform>Take one person out of their department?</numerusform>
            <numerusform>Take %n people out of their departments?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n people are let in again.</source>
        <translation>
            <numerusform>One person is let in again.</numerusform>
            <numerusform>%n people are let in again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n people are refused at the door from now on.</source>
        <translation>
            <numerusform>One person is refused at the door from now on.</numerusform>
            <numerusform>%n people are refused at the door from now on.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Put %n people into the group {0}, and no other?</source>
        <translation>
            <numerusform>Put one person into the group {0}, and no other?</numerusform>
            <numerusform>Put %n people into the group {0}, and no other?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Take %n people out of all groups?</source>
        <translation>
            <numerusform>Take one person out of all groups?</numerusform>
            <numerusform>Take %n people out of all groups?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The access times of %n people are saved.</source>
        <translation>
            <numerusform>The access times of one person are saved.</numerusform>
            <numerusform>The access times of %n people are saved.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Record the consents of %n people?</source>
        <translation>
            <numerusform>Record the consent of one person?</numerusform>
            <numerusform>Record the consents of %n people?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The consents of %n people are recorded.</source>
        <translation>
            <numerusform>The consent of one person is recorded.</numerusform>
            <numerusform>The consents of %n people are recorded.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message numerus="yes">
        <source>%n message(s)</source>
        <translation>
            <numerusform>%n message</numerusform>
            <numerusform>%n messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n cameras on</source>
        <translation>
            <numerusform>{0} of %n camera on</numerusform>
            <numerusform>{0} of %n cameras on</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ThresholdCost</name>
    <message numerus="yes">
        <source>%n photos of other people can&apos;t tell one in {0}: enrol more.</source>
        <translation>
            <numerusform>%n photo of other people can&apos;t tell one in {0}: enrol more.</numerusform>
            <numerusform>%n photos of other people can&apos;t tell one in {0}: enrol more.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Below {0} nobody is let in of whom it is known to be wrong; that would have decided %n entries otherwise.</source>
        <translation>
            <numerusform>Below {0} nobody is let in of whom it is known to be wrong; that would have decided %n entry otherwise.</numerusform>
            <numerusform>Below {0} nobody is let in of whom it is known to be wrong; that would have decided %n entries otherwise.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Too few people to be sure: %n more.</source>
        <translation>
            <numerusform>Too few people to be sure: one more is needed.</numerusform>
            <numerusform>Too few people to be sure: %n more are needed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more people need a second photo.</source>
        <translation>
            <numerusform>One more person needs a second photo.</numerusform>
            <numerusform>%n more people need a second photo.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TodayPage</name>
    <message numerus="yes">
        <source>{0} (the last %n days)</source>
        <translation>
            <numerusform>{0} (the last day)</numerusform>
            <numerusform>{0} (the last %n days)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n person-days of {0}: each counts once a day.</source>
        <translation>
            <numerusform>%n person-day of {0}: each counts once a day.</numerusform>
            <numerusform>%n person-days of {0}: each counts once a day.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TransferCard</name>
    <message numerus="yes">
        <source>%n people were written to {0}.</source>
        <translation>
            <numerusform>%n person was written to {0}.</numerusform>
            <numerusform>%n people were written to {0}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n people came</source>
        <translation>
            <numerusform>%n person came</numerusform>
            <numerusform>%n people came</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were here already</source>
        <translation>
            <numerusform>%n was here already</numerusform>
            <numerusform>%n were here already</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were refused</source>
        <translation>
            <numerusform>%n was refused</numerusform>
            <numerusform>%n were refused</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were not reached: import the file again to go on.</source>
        <translation>
            <numerusform>%n was not reached: import the file again to go on.</numerusform>
            <numerusform>%n were not reached: import the file again to go on.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VisitorCard</name>
    <message numerus="yes">
        <source>The same unknown person, %n visits</source>
        <translation>
            <numerusform>Unknown person, one visit</numerusform>
            <numerusform>The same unknown person, %n visits</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VisitorsPage</name>
    <message numerus="yes">
        <source>Nobody unknown came in the last %n h.</source>
        <translation>
            <numerusform>Nobody unknown came in the last %n h.</numerusform>
            <numerusform>Nobody unknown came in the last %n h.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Faces that were not recognised in the last %n h, by who they seem to show.</source>
        <translation>
            <numerusform>Faces that were not recognised in the last %n h, by who they seem to show.</numerusform>
            <numerusform>Faces that were not recognised in the last %n h, by who they seem to show.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete the pictures of %n visits for good?</source>
        <translation>
            <numerusform>Delete the picture of this visit for good?</numerusform>
            <numerusform>Delete the pictures of %n visits for good?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_PageButton</name>
    <message numerus="yes">
        <source>{0}, %n waiting</source>
        <translation>
            <numerusform>{0}, %n waiting</numerusform>
            <numerusform>{0}, %n waiting</numerusform>
        </translation>
    </message>
</context>
</TS>
