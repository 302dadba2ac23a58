"""Forms of the import of addresses."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yuanxin.parties import api as parties
from yuanxin.web.components.words import error_words
from yuanxin.web.http.forms import CommandForm


class FileForm(CommandForm):
    """The file; ``parties`` judges what is in it, one that is far too large is not even read."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("UTF-8 or GB18030, up to 20 MB. Columns: name, district; and if known town, address, coordinates."),
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse by size before anything is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > parties.LARGEST_FILE_BYTES:
            raise forms.ValidationError(
                error_words(parties.AddressFileNotReadable(reason=parties.FileFault.TOO_LARGE.value))
            )
        return file


class CommitForm(CommandForm):
    """Store the good rows."""

    leave_out_bad_rows = forms.BooleanField(label=_("Leave the bad rows out"), required=False)
