"""Administration 管理台: configuration by django.contrib.admin, and files of addresses on their way in."""
