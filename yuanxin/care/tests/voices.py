"""Invented recordings: the first bytes of each kind of file, as phones and browsers write them."""

M4A = b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00M4A mp42isom" + b"moov....hdlr........soun" + bytes(200)
FILM = b"\x00\x00\x00\x1cftypisom\x00\x00\x02\x00isomiso2mp41" + b"moov....hdlr........vide" + bytes(200)
OGG = b"OggS\x00\x02" + bytes(22) + b"OpusHead\x01\x01" + bytes(200)
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"..A_OPUS" + bytes(200)
WEBM_FILM = WEBM.replace(b"A_OPUS", b"V_VP8.A_OPUS")
AMR = b"#!AMR\n\x3c" + bytes(200)
MP3 = b"\xff\xfb\x90\x64" + bytes(413)
TAGGED_MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) + MP3
