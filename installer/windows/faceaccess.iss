; Inno Setup 6: the Windows installer. Built on Windows, after "python -m installer app", by
;   iscc /DVersion=0.1.0 installer\windows\faceaccess.iss
; (python -m installer windows calls it with the program's version). For this account or for everybody, no restart.

#ifndef Version
  #error Call it with /DVersion=...
#endif

[Setup]
AppId={{6C1B8E0E-2C44-4E0C-9A0B-7C7C8B1C8F52}
AppName=FaceAccess
AppVersion={#Version}
AppPublisher=The FaceAccess developers
VersionInfoVersion={#Version}
DefaultDirName={autopf}\FaceAccess
DefaultGroupName=FaceAccess
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\installer\icons\faceaccess.ico
UninstallDisplayIcon={app}\faceaccess.exe
OutputDir=..\..\dist
OutputBaseFilename=FaceAccess-{#Version}-setup
Compression=lzma2/max
SolidCompression=yes
CloseApplications=yes
DisableProgramGroupPage=yes

[Tasks]
Name: desktopicon; Description: "Icon on the desktop"; Flags: unchecked
Name: kiosk; Description: "Show the door full screen when this account logs in (kiosk)"; Flags: unchecked

[InstallDelete]
; What only the version before had.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\faceaccess\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{group}\FaceAccess"; Filename: "{app}\FaceAccess window.exe"
Name: "{group}\FaceAccess door (kiosk)"; Filename: "{app}\FaceAccess window.exe"; Parameters: "kiosk"
Name: "{autodesktop}\FaceAccess"; Filename: "{app}\FaceAccess window.exe"; Tasks: desktopicon

[Run]
Filename: "{app}\FaceAccess window.exe"; Parameters: "kiosk --at-login"; Tasks: kiosk; Flags: runhidden
Filename: "{app}\FaceAccess window.exe"; Description: "Start FaceAccess"; Flags: postinstall nowait skipifsilent

[UninstallRun]
Filename: "{app}\faceaccess.exe"; Parameters: "kiosk --not-at-login"; RunOnceId: "kiosk"; Flags: runhidden

[Code]
{ The data are kept unless somebody at the screen, or /REMOVEDATA on the command line, asks for more. }
function IsDataToGo: Boolean;
begin
  Result := Pos('/REMOVEDATA', Uppercase(GetCmdTail)) > 0;
  if not Result and not UninstallSilent then
    Result := MsgBox('Delete the people, photos and the log of this account, too?' + #13#10 +
      'They can''t be had back. No keeps them for a later installation.',
      mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
begin
  if (Step = usPostUninstall) and IsDataToGo then
    DelTree(ExpandConstant('{localappdata}\FaceAccess'), True, True, True);
end;
